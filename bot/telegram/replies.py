"""What the bot answers to commands: texts only, nothing is asked or sent here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.telegram.desk import EVERYTHING, Refused, Subscribed, Subscription
from bot.telegram.texts import Dressed, Kind, Mark, dress


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a reply that is shown in its own way."""

    kind: Kind
    text: str


def page(*pieces: str | Marked) -> Dressed:
    """The pieces one after the other, as one message."""
    text, marks = "", []
    for piece in pieces:
        words = piece if isinstance(piece, str) else piece.text
        if isinstance(piece, Marked):
            marks.append(Mark(piece.kind, len(text), len(text) + len(words)))
        text += words
    return dress(text, marks)


def code(text: str) -> Marked:
    """Words to type."""
    return Marked("code", text)


def bold(text: str) -> Marked:
    """Words that matter."""
    return Marked("bold", text)


COMMANDS = {
    "subscribe": "get alerts that a query asks for",
    "unsubscribe": "end a subscription",
    "list": "what this chat is subscribed to",
    "help": "commands and the query language",
}
"""The menu, in its order."""

EXAMPLES = (
    ("/subscribe all", "everything"),
    ("/subscribe indicator:pow-release", "captives who go home"),
    ("/subscribe place:Syunik level:high", "what is grave in Syunik"),
)

_ARGUMENTS = {"subscribe": " QUERY", "unsubscribe": " NUMBER"}

_KEYS = (
    ("indicator:pow-release", "one indicator"),
    ("level:high", "that level and above"),
    ("place:Syunik", "a place, a province or a country"),
    ("sources:2", "told once two owners report it"),
    ('"ten servicemen"', "these words, one after the other"),
    ("exchang*", "words that begin so"),
)


def shown(query: str) -> str:
    """The query as a chat writes it."""
    return "all" if query == EVERYTHING else query


def _examples() -> list[str | Marked]:
    return [piece for typed, means in EXAMPLES for piece in (code(typed), f" - {means}\n")]


def welcome() -> Dressed:
    """The answer to /start."""
    return page(
        bold("borderwatch"),
        " reads news feeds of Armenia, Azerbaijan, Karabakh and Russia and tells this chat when something on its list "
        "of indicators has happened: once, with the sources side by side.\n\nNothing comes before you subscribe:\n",
        *_examples(),
        "\n/help explains the queries.",
    )


def help_page() -> Dressed:
    """The answer to /help."""
    commands = "".join(f"/{name}{_ARGUMENTS.get(name, '')} - {does}\n" for name, does in COMMANDS.items())
    keys = [piece for typed, means in _KEYS for piece in (code(typed), f" - {means}\n")]
    return page(
        bold("Commands"),
        f"\n{commands}In a group only administrators subscribe and unsubscribe; "
        "in a forum each topic has subscriptions of its own.\n\n",
        bold("Queries"),
        "\nParts stand one after the other, and an alert comes when all of them hold.\n",
        *keys,
        "\n",
        *_examples(),
    )


def ask_for_query() -> Dressed:
    """The answer to /subscribe without a query."""
    return page("Say after the command what to subscribe to:\n", *_examples(), "\n/help explains the queries.")


def subscribed(result: Subscribed) -> Dressed:
    """The answer when a subscription stands."""
    subscription = result.subscription
    opening = "Subscribed: " if result.fresh else "This subscription stood already: "
    return page(
        opening,
        code(shown(subscription.query)),
        f"\nAlerts come for: {subscription.meaning}\n\n/list shows all, ",
        code(f"/unsubscribe {shown(subscription.query)}"),
        " ends this one.",
    )


def refused(result: Refused) -> Dressed:
    """The answer to a query that cannot be subscribed to."""
    pointer: list[str | Marked] = ["\n", Marked("pre", result.pointer)] if result.pointer.strip() else []
    return page(f"Not subscribed: {result.reason}", *pointer, "\n/help explains the queries.")


def listing(subscriptions: Sequence[Subscription]) -> Dressed:
    """The answer to /list."""
    if not subscriptions:
        return page("No subscriptions here, so no alerts come. To begin:\n", *_examples())
    return page(
        bold("Subscriptions"), "\n", *_numbered(subscriptions), "\n", code("/unsubscribe 1"), " ends the first."
    )


def which(subscriptions: Sequence[Subscription]) -> Dressed:
    """The answer to /unsubscribe when it could mean several."""
    return page(
        "Which one? Give its number, or ",
        code("all"),
        ":\n",
        *_numbered(subscriptions),
        "\nSo: ",
        code("/unsubscribe 1"),
    )


def no_such(asked: str, subscriptions: Sequence[Subscription]) -> Dressed:
    """The answer to /unsubscribe when nothing is called so."""
    return page("There is no subscription ", code(asked), " here. There are:\n", *_numbered(subscriptions))


def unsubscribed(ended: Sequence[Subscription]) -> Dressed:
    """The answer when subscriptions have ended."""
    lines = [piece for one in ended for piece in ("Unsubscribed: ", code(shown(one.query)), "\n")]
    return page(*lines)


def nothing_to_end() -> Dressed:
    """The answer to /unsubscribe in a chat without subscriptions."""
    return page("No subscriptions here, nothing to end.")


def unknown(command: str) -> Dressed:
    """The answer to a command that the bot does not have."""
    return page("I do not know ", code(command), ". /help lists what I know.")


def not_a_command() -> Dressed:
    """The answer to plain talk in private."""
    return page("I understand commands only. /help lists them; to begin, try ", code("/subscribe all"), ".")


def administrators_only() -> Dressed:
    """The answer to a member who may not change what a group gets."""
    return page("Only administrators of this group can change what it gets. /list shows it.")


def rights_unknown() -> Dressed:
    """The answer when Telegram does not say who is an administrator."""
    return page("Telegram did not say whether you are an administrator here; nothing was changed. Try again.")


def _numbered(subscriptions: Sequence[Subscription]) -> list[str | Marked]:
    pieces: list[str | Marked] = []
    for number, subscription in enumerate(subscriptions, start=1):
        pieces += [f"{number}. ", code(shown(subscription.query)), f" - {subscription.meaning}\n"]
    return pieces
