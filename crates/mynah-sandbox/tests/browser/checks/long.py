"""Long histories, and how fast the page is."""

from browser import DOWN, HOME, UP, expect, until
from checks.common import stays_quiet
from fake import LONG

COUNT = 10_000
PLACE = f"/#/onebot/as/alice/{LONG.replace(':', '/')}"
#: More rows than that are never there at once.
MOST_ROWS = 500
#: So many pixels a frame: a wheel that is spun.
STEP_PX = 2_500


def opens_long(page):
    """a history of 10,000 messages opens at its end, without drawing all of it"""
    page.fake.lengthen(COUNT)
    page.leave()
    page.open(PLACE)
    until("the last message is there", lambda: page.bubbles_begin(f"#{COUNT - 1} "))
    expect(rows(page) < MOST_ROWS, f"{rows(page)} rows are drawn")
    below = page.run("const log = document.querySelector('#log'); return log.scrollHeight - log.scrollTop - log.clientHeight")
    expect(below < 4, f"the end is {below} px below what is in sight")


def jumps_far(page):
    """an address leads to an early one of 10,000 messages, and the keyboard on from there"""
    first = next(iter(page.fake.histories[("onebot", LONG)]))
    page.run("location.hash = arguments[0]", f"{PLACE[1:]}/message/{first + 5}")
    row = f".row[data-seq='{first + 5}']"
    page.one(row)
    until("it is in sight", lambda: page.run("const { top, bottom } = document.querySelector(arguments[0]).getBoundingClientRect(); return top >= 0 && bottom <= innerHeight", row))
    expect(rows(page) < MOST_ROWS, f"{rows(page)} rows are drawn")
    page.run("document.querySelector(arguments[0]).focus()", row)
    for _ in range(60):  # Over the edges of what is drawn.
        page.keys(DOWN)
    expect(page.run("return Number(document.activeElement.dataset.seq)") == first + 65, "the keyboard did not go down by sixty")
    page.keys(HOME)
    expect(page.run("return Number(document.activeElement.dataset.seq)") == first, "Home does not lead to the first")
    page.keys(DOWN, UP)
    until("it is in sight", lambda: page.bubbles_begin("#0 "))


def keeps_up(page):
    """what changes out of sight is right when one comes there, and leaves no gap"""
    history = page.fake.histories[("onebot", LONG)]
    first = next(iter(history))
    page.leave()
    page.open(PLACE)
    until("the last message is there", lambda: page.bubbles_begin(f"#{COUNT - 1} "))
    speaker = {key: value for key, value in history[first + 3]["from"].items() if key != "role"}
    page.fake.put("onebot", LONG, speaker, history[first + 3]["parts"], seq=first + 3, reactions=[{"id": "76", "by": ["10001"]}])
    page.run("document.querySelector('#log').scrollTop = 0")
    until("older messages are there", lambda: page.run("return import('/assets/store.js').then(async ({ open }) => (await open(arguments[0])).items.length)", LONG) > 200)
    together = page.run("""
        return import("/assets/store.js").then(async ({ open }) => {
          const { items } = await open(arguments[0]);
          return items.every((item, at) => !at || item.seq === items[at - 1].seq + 1);
        })""", LONG)
    expect(together, "there is a gap in the history")
    page.run("location.hash = arguments[0]", f"{PLACE[1:]}/message/{first + 3}")
    page.one(f".row[data-seq='{first + 3}'] .reaction")


def keeps_marked(page):
    """what is marked stays marked when one scrolls away, and all else goes"""
    first = next(iter(page.fake.histories[("onebot", LONG)]))

    def row(number):
        return f".row[data-seq='{first + number}']"

    page.run("document.querySelector(arguments[0]).focus()", row(20))
    for _ in range(12):  # The keyboard stays in another chunk.
        page.keys(DOWN)
    for number in (2, 60):
        expect(page.elements(row(number)), f"row {number} is not drawn")
    page.run("getSelection().selectAllChildren(document.querySelector(arguments[0]))", f"{row(2)} .text")
    page.run("document.querySelector('#log').scrollTop = 1e6")
    until("what nobody needs is gone", lambda: not page.elements(row(60)))
    marked = page.run("return getSelection().toString()")
    expect(page.elements(row(2)) and marked.startswith("#2 "), f"marked is {marked!r}")
    page.run("getSelection().removeAllRanges()")


def scrolls_smoothly(page):
    """10,000 messages scroll without a frame that one would see stutter"""
    page.fake.lengthen(COUNT)
    base, page.base = page.base, page.fake.base
    try:
        page.leave()
        page.open(PLACE)
        until("the last message is there", lambda: page.bubbles_begin(f"#{COUNT - 1} "))
        up = scroll(page, -STEP_PX)
        expect(page.bubbles_begin("#0 "), "the first message is not at the top")
        down = scroll(page, STEP_PX)
        expect(page.bubbles_begin(f"#{COUNT - 1} "), "the last message is not at the end")
    finally:
        page.base = base
    for way, (frames, most) in (("up", up), ("down", down)):
        late = [frame for frame in frames if frame > 50]
        print(f"   {way}: {len(frames)} frames, {len(late)} over 50 ms, longest {max(frames):.0f} ms, at most {most} rows", flush=True)
        expect(most < MOST_ROWS, f"{most} rows were drawn on the way {way}")
        expect(len(late) < len(frames) / 5 and max(frames) < 1000, f"on the way {way} {len(late)} of {len(frames)} frames took over 50 ms, one {max(frames):.0f} ms")


def scroll(page, step):
    """Scrolls until there is nothing more; how long each frame took, and the most rows that were drawn."""
    return page.run("""
        const [step] = arguments;
        const log = document.querySelector("#log");
        return new Promise((resolve) => {
          const frames = [];
          let [last, still, most] = [performance.now(), 0, 0];
          const turn = (now) => {
            frames.push(now - last);
            last = now;
            const before = log.scrollTop;
            log.scrollTop += step;
            still = log.scrollTop === before ? still + 1 : 0;
            most = Math.max(most, document.querySelectorAll("#feed .row").length);
            if (still > 60) resolve([frames.slice(1), most]);
            else requestAnimationFrame(turn);
          };
          requestAnimationFrame(turn);
        })""", step)


def paints_at_once(page):
    """the page is there before one notices that it was not"""
    times = []
    for _ in range(10):
        page.leave()
        page.open("/#/onebot/as/alice/group/20001")
        painted = "return performance.getEntriesByType('paint').map(({ startTime }) => startTime)"
        until("something is painted", lambda: len(page.run(painted)) == 2)
        times.append(page.run(painted))
    first, content = (sorted(column)[len(times) // 2] for column in zip(*times))
    print(f"   median of {len(times)}: first paint {first:.0f} ms, first content {content:.0f} ms", flush=True)
    expect(first < 200 and content < 500, f"first paint after {first:.0f} ms, first content after {content:.0f} ms")


def weighs_little(page):
    """all of the page takes less than 300 KB on the wire"""
    page.vendor("Network.clearBrowserCache")
    page.leave()
    page.open("/#/onebot/as/alice/group/20001")
    page.one("#draft")
    sent = page.run("return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ transferSize }) => transferSize)")
    whole = sum(sent) + page.run("return performance.getEntriesByType('navigation')[0].transferSize")
    print(f"   {len(sent) + 1} files, {whole / 1000:.0f} KB", flush=True)
    expect(20_000 < whole < 300_000, f"{whole} bytes came")


def rows(page):
    return page.run("return document.querySelectorAll('#feed .row').length")


MADE_UP = [opens_long, jumps_far, keeps_up, keeps_marked, stays_quiet]
ALONE = [weighs_little, paints_at_once, scrolls_smoothly, stays_quiet]
