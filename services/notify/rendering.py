"""Templates made into text and HTML, in the language that a reader wants if there is one.

`KIND/` holds the parts of a notice in English, `KIND/TAG/` the same parts in another language, and
`layouts/TAG/` what stands around them in it. HTML is escaped by default; a name that a template
lacks is an error, never an empty space.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from unicodedata import category

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup

from services.notify import languages
from services.notify.languages import ENGLISH, Language
from services.notify.wording import DUTIES, HELP, LETTERS, NEWS, days_left
from services.shared.errors import MendRequest
from services.shared.text import REFUSED_CATEGORIES

PARTS = ("subject.txt", "text.txt", "html.html")
"""What every kind of notice has, in every language that it is written in."""

SMS = "sms.txt"
"""What a kind of notice says by text message, where it can go by one."""


class Templates:
    """The templates of one folder.

    Raises what `languages.read` does when a language in it is not whole.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = {"": ENGLISH}
        for wording in sorted(folder.glob(f"layouts/*/{languages.WORDING}")):
            found[wording.parent.name.lower()] = languages.read(wording.parent)
        self._languages = found
        self._environments = {
            tag: _environment(folder, language) for tag, language in found.items()
        }

    def language(self, kind: str, wanted: str) -> str:
        """Returns the folder in which a kind is there in the language wanted (BCP 47).

        Of "cy-GB" it is `cy-gb`, else `cy`, else "" for English.
        """
        tag = wanted.lower()
        for name in (tag, tag.partition("-")[0]):
            places = [self._folder / kind / name / part for part in PARTS]
            if name in self._languages and all(place.is_file() for place in places):
                return name
        return ""

    def words(self, folder: str) -> Language:
        """Returns the language of such a folder."""
        return self._languages[folder]

    def render(self, kind: str, folder: str, part: str, words: Mapping[str, object]) -> str:
        """Returns a part of a notice of that kind.

        Raises MendRequest `unrenderable` when what it is to hold does not fit its template.
        """
        name = "/".join(filter(None, (kind, folder, part)))
        try:
            return self._environments[folder].get_template(name).render(words)
        except TemplateError as error:
            raise MendRequest("unrenderable", f"{name}: {error.message}") from None

    def has(self, kind: str, folder: str, part: str) -> bool:
        """Whether a kind has that part in the language of that folder."""
        return (self._folder / kind / folder / part).is_file()


def tidy(text: str) -> str:
    """Leaves no trailing spaces and at most one empty line, which template blocks scatter."""
    lines = [line.rstrip() for line in _readable(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def styled(html: str) -> str:
    """Puts the rules of a page's style sheet on its elements: mail programs drop style sheets."""
    return _STYLES.inline(_readable(html))


def _paragraphs(words: str) -> Markup:
    """Turns running text into paragraphs of HTML, everything in it escaped."""
    blocks = re.split(r"\n\s*\n", _readable(words).strip())
    return Markup().join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.split("\n"))) for block in blocks
    )


def _readable(words: str) -> str:
    """Keeps a body free of characters that show nothing; what ends a line somewhere ends it here.

    Such characters are refused where words come in. Here a resident waits for a letter, and one
    that holds back an invisible character serves them better than none.
    """
    lines = re.sub("\r\n?|[\v\f\x85\u2028\u2029]", "\n", words)
    if lines.translate(_LAYOUT).isprintable():  # as nearly all are, and this asks much faster
        return lines
    return "".join(
        character
        for character in lines
        if character in "\n\t" or category(character) not in REFUSED_CATEGORIES
    )


def _environment(folder: Path, language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=language.day,
        decision=language.decisions.__getitem__,
        needed=language.needs.__getitem__,
        feedback=language.feedback.__getitem__,
        paragraphs=_paragraphs,
        duty=DUTIES.__getitem__,
        help=HELP.__getitem__,
        news=NEWS.__getitem__,
        days_left=days_left,
        letter=lambda about: LETTERS.get(about, about),
        role=lambda role: str(role).replace("-", " "),
    )
    return environment


_LAYOUT = str.maketrans("", "", "\n\t")
_STYLES = css_inline.CSSInliner(load_remote_stylesheets=False)
