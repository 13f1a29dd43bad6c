"""URLs of entries: absolute, without tracking, and in one form by which an entry is known again."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|_openstat|igshid|mc_[ce]id|"
    r"at_(?:medium|campaign|custom\d|link\w*|format|bbc_team)|ns_(?:source|mchannel|campaign|linkname|fee)|"
    r"ftag|xtor|cmpid|cmp|ocid|smid|_ga|_gl|mkt_tok|spm|__twitter_impression)",
    re.IGNORECASE,
)
"""Query parameters that say where a reader came from, not what is read."""

UNSAFE = re.compile(r"[\s\x00-\x20\x7f-\xa0<>\"\\^`{|}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What does not stand in a URL as it is: spaces, controls, and marks that turn the direction of text."""

HOSTLESS = re.compile(r"https?:/*(?:[?#].*)?", re.IGNORECASE)
URL_LIMIT = 2_000
DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute(link: str, base: str) -> str:
    """The link as a web address without fragment and tracking, or "" when it is none (mailto, javascript, junk)."""
    link = link.strip()
    try:
        parts = urlsplit(urljoin(base, link)) if link and not HOSTLESS.fullmatch(link) else urlsplit("")
        port = parts.port
    except ValueError:
        return ""
    host = _bracketed(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not bare_host(host) or parts.username is not None:
        return ""
    netloc = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    url = urlunsplit((parts.scheme, netloc, parts.path, _without_tracking(parts.query), ""))
    url = quoted(url)
    return url if len(url) <= URL_LIMIT else ""


def quoted(url: str) -> str:
    """The URL with what must not stand in one quoted; it can be shown in a terminal."""
    return UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), url)


def canonical(url: str) -> str:
    """The form that two links to one page share: no scheme, no `www.`, no closing slash, no tracking.

    "" for the front page of a site: it serves every entry, and so tells none.
    """
    parts = _split(url)
    path = parts.path.rstrip("/")
    query = _without_tracking(parts.query)
    host = bare_host(_bracketed(parts.hostname or ""))
    if not host or not (path or query):
        return ""
    port = "" if _port(parts) is None else f":{_port(parts)}"
    return f"{host}{port}{path}" + (f"?{query}" if query else "")


def host_of(url: str) -> str:
    """The host of a URL, lower case, without `www.`; "" when there is none."""
    return bare_host(_split(url).hostname or "")


def bare_host(host: str) -> str:
    """A host name in lower case, without `www.` and the root's dot."""
    return host.lower().rstrip(".").removeprefix("www.")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        return None
    return None if port == DEFAULT_PORTS.get(parts.scheme) else port


def _without_tracking(query: str) -> str:
    if not query:
        return query
    return "&".join(part for part in query.split("&") if part and not TRACKING.fullmatch(part.partition("=")[0]))
