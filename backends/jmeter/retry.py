"""Requests that are sent again: a While Controller around the sampler, whose response is judged when it is the last one."""

from __future__ import annotations

from loadwright.backends.jmeter.controllers import while_controller
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.flow import flow_action
from loadwright.backends.jmeter.groovy import get
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import Retry


class Attempts:
    """The elements of a request's attempts; `number` is one of the machinery's."""

    def __init__(self, retry: Retry, number: int) -> None:
        self._retry = retry
        self._again = f"flow.retry.{number}"
        self.is_final = f"{get(self._again)} == 'false'"
        """A Groovy expression for whether the response is not followed by another attempt."""

    def loop(self, name: str, made: tuple[Element, ...], sampler: Element) -> tuple[Element, ...]:
        """The sampler in its loop; `made` computes the values, which are the same in all attempts."""
        begin = jsr223("PreProcessor", "No attempt yet", _BEGIN, parameters=self._again)
        pause = flow_action("pause before the next attempt", duration=f"${{{self._again}.wait}}")
        body = (sampler, pause) if self._retry.wait else (sampler,)
        return (
            flow_action(f"attempts of {name}", (begin, *made)),
            while_controller(f"retry {name}", f"${{{self._again}}}", body),
        )

    def decide(self) -> tuple[Element, ...]:
        """What decides, after a response, whether the request is sent again."""
        retry = self._retry
        codes = [str(status) for status in retry.statuses]
        code = ",".join([*codes, *(["none"] if retry.network else [])])
        words = (self._again, str(retry.times), code or "never", str(retry.wait), f"{retry.backoff.normalize():f}")
        return (jsr223("PostProcessor", "Is it sent again?", _DECIDE, parameters=" ".join(words)),)

    def forgive(self) -> tuple[Element, ...]:
        """What makes a response that is followed by another attempt one that passed."""
        return (jsr223("Assertion", "Only the last attempt is judged", _FORGIVE, parameters=self._again),)


_BEGIN = """\
vars.putObject(Parameters + '.count', 0)
vars.put(Parameters, 'true')"""
_DECIDE = """\
def (again, times, codes, wait, backoff) = args
def attempt = vars.getObject(again + '.count') + 1
vars.putObject(again + '.count', attempt)
def code = prev.responseCode.isInteger() ? prev.responseCode : 'none'
def isRetried = attempt <= times.toInteger() && code in codes.split(',')
vars.put(again, isRetried.toString())
def pause = isRetried ? (wait.toInteger() * backoff.toDouble() ** (attempt - 1)) as long : 0
vars.put(again + '.wait', pause.toString())"""
_FORGIVE = "if (vars.get(Parameters) == 'true') SampleResult.successful = true"
"""Scripts that are the same for all requests, so that each is compiled once."""
