"""What checks in several worlds do with the page."""

from browser import ENTER, Failed, TAB, expect, until

GROUP = "/#/wecom/as/alice/group/general"


def stays_quiet(page):
    """the console has no errors"""
    errors = page.console_errors()
    expect(not errors, "; ".join(errors))


def tab_to(page, selector, shift=False, most=60):
    """Presses Tab until the focus is there, and sees to it that focus is visible."""
    for _ in range(most):
        if page.focused(selector):
            visible = page.run("return document.activeElement.matches(':focus-visible')")
            expect(visible, f"the focus on {selector} is not visible")
            return
        page.keys(TAB, shift=shift)
    raise Failed(f"Tab does not lead to {selector}")


def texts(page, selector):
    """The texts of all elements for a selector, seen or not."""
    return page.run("return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)", selector)


def counted(page, root, selectors):
    """How often each selector occurs in the first element for `root`."""
    return page.run("""
        const root = document.querySelector(arguments[0]);
        return Object.fromEntries(arguments[1].map((selector) => [selector, root.querySelectorAll(selector).length]))""", root, list(selectors))


def expect_counted(page, root, expected):
    found = counted(page, root, expected)
    wrong = {selector: (found[selector], number) for selector, number in expected.items() if found[selector] != number}
    expect(not wrong, f"{root}: found and expected: {wrong}")


def chosen(page, opener, label):
    """Opens a dialog and presses what reads so in it."""
    page.click(opener)
    names = texts(page, "#dialog .content button")
    expect(label in names, f"{label} is not among {names}")
    page.run("document.querySelectorAll('#dialog .content button')[arguments[0]].click()", names.index(label))


def said_row(page, words):
    """A selector for the row whose text begins so."""
    seq = until(f"{words} is there", lambda: page.run("return [...document.querySelectorAll('.row')].find((row) => row.querySelector('.bubble')?.textContent.startsWith(arguments[0]))?.dataset.seq", words))
    return f".row[data-seq='{seq}']"


def do(page, row, name):
    """One of the actions beside a message."""
    page.action(page.one(f"{row} .bubble"), name)


def arrive(page, path):
    """Opens a place afresh: what one sees is not what one saw before."""
    page.leave()
    page.open(path)
    page.one("#draft, #columns")


def visit(page, path):
    """Opens a place of the made-up worlds afresh and waits for its history."""
    arrive(page, path)
    until("the history is drawn", lambda: page.elements("#feed .row"))


def asked(page, kind, **wanted):
    """Waits until the page has asked for this; answers the last such body."""
    def found():
        return [body for path, body in page.fake.did if path == kind and wanted.items() <= body.items()]

    return until(f"the page asks to {kind} {wanted}", found)[-1]


def ask_robot(page, words):
    """Mentions the robot through the picker."""
    page.click("#draft")
    page.keys("@")
    until("the robot is offered first", lambda: page.attribute("#picker [aria-selected=true] .tag", "class") == "tag robot bot")
    page.keys(ENTER, words, ENTER)


def robot_rows(page):
    """The `seq` of everything the robot has said here."""
    return page.run("return [...document.querySelectorAll('.row:has(.avatar.bot)')].map(({ dataset }) => dataset.seq)")


def bounds_markdown(page):
    """no Markdown, however odd, takes long"""
    slow = page.run(r"""
        return import("/assets/markdown.js").then(({ markdown, plain }) => {
          const odd = ["**a ", "*a", "[", "![a](", "<font color='info'>", "`", "_a ", "> ", "- ", "|", "# ", "  ", "\\", "~~a", "<@", "***"];
          const texts = odd.flatMap((piece) => [piece.repeat(20480 / piece.length), `# ${piece.repeat(20000 / piece.length)}x`]);
          texts.push(Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}- a`).join("\n"), "| a |\n".repeat(2000), "|a|\n|-" + " ".repeat(20000) + "x");
          return texts.map((text) => {
            const start = performance.now();
            markdown(text, String);
            plain(text, String);
            return [performance.now() - start, text.slice(0, 20)];
          }).filter(([time]) => time > 1000);
        })""")
    expect(not slow, f"too slow: {slow}")
