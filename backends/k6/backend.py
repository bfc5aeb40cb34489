"""The k6 backend: one self-contained `script.js`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from loadwright.backends.base import Artifact, Capability, Support
from loadwright.backends.k6.script import Script
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import Plan

_OTHERWISE = {
    Feature.TLS_ANY: Capability(
        Support.APPROXIMATE, "k6 verifies the certificates of all targets or of none; with this target, of none"
    ),
    Feature.TLS_CLIENT_CERTIFICATE: Capability(
        Support.APPROXIMATE, "k6 shows a client certificate to every target that asks for one of its issuer"
    ),
    Feature.PROXY: Capability(
        Support.NONE, "k6 takes its proxy from the environment (HTTP_PROXY, HTTPS_PROXY), the same for all targets"
    ),
    Feature.SERVER_SENT_EVENTS: Capability(Support.NONE, "k6 has no server-sent events: it gives a response when it has ended"),
    Feature.WEBSOCKET_TIMEOUT: Capability(
        Support.APPROXIMATE, "k6 waits for the opening up to 60 seconds, and only then says that it took too long"
    ),
    Feature.RETRY_PARALLEL: Capability(
        Support.APPROXIMATE, "k6 sends those that are sent again together, after the longest of their waits"
    ),
    Feature.DATA_SHARED: Capability(
        Support.APPROXIMATE,
        "k6 deals the rows out to the workloads in turn, so that one that takes more of them begins again, or ends, before all "
        "are used",
    ),
    Feature.DATA_EARLY_END: Capability(
        Support.APPROXIMATE, "in k6 a user that ends early uses up rows for the iterations that it does not make"
    ),
    Feature.DATA_LATE_USERS: Capability(
        Support.APPROXIMATE, "in k6 a user has its first row before its time has come, so rows are taken in another order"
    ),
    Feature.CAPTURE_XPATH: Capability(Support.NONE, "k6 reads no XML"),
}
_CAPABILITIES = MappingProxyType({feature: _OTHERWISE.get(feature, Capability(Support.FULL)) for feature in Feature})


class K6Backend:
    """Writes Plans for k6 2.2."""

    @property
    def name(self) -> str:
        """The backend's name on the command line."""
        return "k6"

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        """What it declares: every feature, all but a few in full."""
        return _CAPABILITIES

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        """The script for this Plan under the named load.

        Raises LoadwrightError for a load, journey or target that the Plan does not have, and for a bad JSON path.
        """
        return (Artifact("script.js", Script(plan, load).text()),)
