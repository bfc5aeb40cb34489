"""The plan's User Defined Variables: targets, secrets and load, each with its way to be overridden."""

from __future__ import annotations

import re
from collections.abc import Mapping

from loadwright.backends.jmeter.errors import refusal
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.xml import Element, Property, collection, element_property, string
from loadwright.compiler.plan.model import Plan, Secret, Target

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9:/._~%@+=!*;&\[\]-]+")
_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def user_variables(name: str, values: Mapping[str, str], comment: str = "") -> tuple[Element, ...]:
    """A User Defined Variables element, if there is any value; the values are property text."""
    if not values:
        return ()
    arguments = [_argument(variable, value) for variable, value in values.items()]
    properties = (collection("Arguments.arguments", arguments),)
    return (Element("Arguments", "ArgumentsPanel", name, properties, comment=property_text(comment)),)


def _argument(name: str, value: str) -> Property:
    return element_property(
        name,
        "Argument",
        string("Argument.name", name),
        string("Argument.value", value),
        string("Argument.metadata", "="),
    )


THINK_FACTOR = "think.factor"
"""The variable that every think time is multiplied by."""


def setting(variable: str, default: str) -> str:
    """Property text for a value that `-J` or the environment may set; `default` is a Groovy expression."""
    return "${__P(" + variable + ",${__groovy(" + environment(variable) + f" ?: {default})}})}}"


def given(variable: str) -> str:
    """A Groovy expression for what `-J` or the environment says, null when neither does."""
    return f"props.get('{variable}') ?: {environment(variable)}"


def environment(variable: str) -> str:
    """A Groovy expression for an environment variable."""
    return f"System.getenv('{variable}')"


def targets(plan: Plan, names: Names) -> tuple[Element, ...]:
    """A variable per target. Raises LoadwrightError for a URL with characters that no URL of a server needs."""
    values = {names.value(target.name): _target(target) for target in plan.targets}
    return user_variables("Targets", values, "override with -JLOADWRIGHT_TARGET_<NAME>=URL, or by the environment")


def _target(target: Target) -> str:
    if not _PLAIN_URL.fullmatch(target.url):
        raise refusal(
            "jmeter-target",
            f"`{target.url}` is no plain URL of a server",
            "write scheme, host, port and path prefix, such as https://shop.example.com",
            target.origin,
        )
    return setting(f"LOADWRIGHT_TARGET_{re.sub('[^A-Z0-9_]', '_', target.name.upper())}", f"'{target.url}'")


def secrets(plan: Plan, names: Names) -> tuple[Element, ...]:
    """A variable per secret, read from the environment when the test starts."""
    values = {names.value(secret.name): "${__groovy(" + environment(_checked(secret)) + ")}" for secret in plan.secrets}
    return user_variables("Secrets", values, "read from the environment")


def _checked(secret: Secret) -> str:
    if not _ENVIRONMENT_NAME.fullmatch(secret.env):
        raise refusal(
            "jmeter-secret", f"`{secret.env}` is no name of an environment variable", "use letters, digits and `_`", secret.origin
        )
    return secret.env
