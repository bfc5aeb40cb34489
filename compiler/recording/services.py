"""Hosts that pages call on the side: not part of what a load test measures, and not ours to load."""

from __future__ import annotations

_KINDS = {
    "analytics": (
        "amplitude.com analytics.google.com app-measurement.com branch.io chartbeat.com chartbeat.net clarity.ms "
        "cloudflareinsights.com crazyegg.com fullstory.com google-analytics.com googletagmanager.com heap.io "
        "heapanalytics.com hotjar.com hotjar.io hs-analytics.net kissmetrics.io logrocket.io lr-ingest.io "
        "matomo.cloud mixpanel.com mouseflow.com mxpnl.com omtrdc.net optimizely.com parsely.com plausible.io "
        "posthog.com quantserve.com rudderstack.com scorecardresearch.com segment.com segment.io smartlook.com "
        "snowplow.io stats.wp.com visualwebsiteoptimizer.com yandex.ru"
    ),
    "monitoring": (
        "bugsnag.com browser-intake-datadoghq.com browser-intake-datadoghq.eu datadoghq-browser-agent.com "
        "datadoghq.com dynatrace.com elastic-cloud.com js-agent.newrelic.com nr-data.net raygun.io rollbar.com "
        "sentry-cdn.com sentry.io trackjs.com"
    ),
    "advertising": (
        "2mdn.net adform.net adnxs.com ads-twitter.com adsrvr.org amazon-adsystem.com bat.bing.com bing.com "
        "bluekai.com casalemedia.com connect.facebook.net criteo.com criteo.net demdex.net doubleclick.net "
        "everesttech.net facebook.com facebook.net googleadservices.com googlesyndication.com linkedin.com "
        "licdn.com moatads.com outbrain.com pinterest.com pubmatic.com rlcdn.com rubiconproject.com snapchat.com "
        "taboola.com tiktok.com twitter.com t.co"
    ),
    "consent and chat": (
        "cookiebot.com cookielaw.org cookieyes.com crisp.chat drift.com hubspot.com intercom.io intercomcdn.com "
        "onetrust.com tawk.to usercentrics.eu zdassets.com"
    ),
    "web fonts": ("fonts.googleapis.com fonts.gstatic.com kit.fontawesome.com use.fontawesome.com use.typekit.net p.typekit.net"),
    "a public CDN": (
        "ajax.aspnetcdn.com ajax.googleapis.com bootstrapcdn.com cdn.jsdelivr.net cdnjs.cloudflare.com "
        "code.jquery.com esm.sh gravatar.com jspm.io polyfill.io unpkg.com"
    ),
    "the browser's own traffic": (
        "clients1.google.com clients2.google.com clients3.google.com clients4.google.com "
        "clientservices.googleapis.com content-autofill.googleapis.com detectportal.firefox.com edge.microsoft.com "
        "firefox.settings.services.mozilla.com incoming.telemetry.mozilla.org optimizationguide-pa.googleapis.com "
        "safebrowsing.googleapis.com safebrowsing.brave.com services.mozilla.com update.googleapis.com "
        "www.msftconnecttest.com"
    ),
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}


def service_kind(host: str) -> str:
    """What kind of side service a host is, in words; empty when it is not known as one."""
    labels = host.lower().rstrip(".").split(".")
    return next((kind for i in range(len(labels)) if (kind := _KIND_OF.get(".".join(labels[i:])))), "")
