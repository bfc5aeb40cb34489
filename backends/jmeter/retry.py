"""Requests that are sent again: a While Controller around the sampler, whose response is judged when it is the last one."""

from __future__ import annotations

from loadwright.backends.jmeter.controllers import while_controller
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.flow import flow_action
from loadwright.backends.jmeter.groovy import get, literal
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
        count = literal(f"{self._again}.count")
        begin = jsr223("PreProcessor", "No attempt yet", f"vars.putObject({count}, 0)\nvars.put({literal(self._again)}, 'true')")
        pause = flow_action("pause before the next attempt", duration=f"${{{self._again}.wait}}")
        body = (sampler, pause) if self._retry.wait else (sampler,)
        return (
            flow_action(f"attempts of {name}", (begin, *made)),
            while_controller(f"retry {name}", f"${{{self._again}}}", body),
        )

    def decide(self) -> tuple[Element, ...]:
        """What decides, after a response, whether the request is sent again."""
        retry, count = self._retry, literal(f"{self._again}.count")
        statuses = ", ".join(literal(str(status)) for status in retry.statuses)
        causes = [f"prev.responseCode in [{statuses}]"] if statuses else []
        causes += ["!prev.responseCode.isInteger()"] if retry.network else []
        lines = [
            f"def attempt = vars.getObject({count}) + 1",
            f"vars.putObject({count}, attempt)",
            f"def again = attempt <= {retry.times} && ({' || '.join(causes) or 'false'})",
            f"vars.put({literal(self._again)}, again.toString())",
        ]
        if retry.wait:
            wait = f"({retry.wait} * {retry.backoff.normalize():f}d ** (attempt - 1)) as long"
            lines.append(f"vars.put({literal(f'{self._again}.wait')}, again ? ({wait}).toString() : '0')")
        return (jsr223("PostProcessor", "Is it sent again?", "\n".join(lines)),)

    def forgive(self) -> tuple[Element, ...]:
        """What makes a response that is followed by another attempt one that passed."""
        script = f"if ({get(self._again)} == 'true') SampleResult.successful = true"
        return (jsr223("Assertion", "Only the last attempt is judged", script),)
