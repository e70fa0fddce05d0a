"""apprise notifies the group as its robot."""

import apprise
import elsewhere
import world
from common import expect
from world import ROBOT_KEY, only_part

GENERAL = "group:general"


def notify(body, key=ROBOT_KEY, **settings):
    """Notifies with an object of its own: apprise waits between two of one object."""
    notifier = apprise.Apprise()
    assert notifier.add(f"wecombot://{key}/"), "apprise does not know the address"
    return notifier.notify(body=body, **settings)


async def main(sandbox, check):
    elsewhere.send_to(sandbox.url)

    with check("a text"):
        expect(notify("服务已恢复"), True)
        only_part(await sandbox.last(GENERAL), "text", text="服务已恢复")

    with check("a title stands above the text"):
        expect(notify("服务已恢复", title="告警"), True)
        part = only_part(await sandbox.last(GENERAL), "text")
        assert part["text"].startswith("告警") and part["text"].endswith("服务已恢复"), part

    with check("the vendor's own address of a robot is understood"):
        notifier = apprise.Apprise()
        assert notifier.add(f"{elsewhere.VENDOR}/cgi-bin/webhook/send?key={ROBOT_KEY}")
        expect(notifier.notify(body="原址"), True)
        only_part(await sandbox.last(GENERAL), "text", text="原址")

    with check("a refusal is no message, and apprise does not notice: it looks at the status"):
        before = await sandbox.count(GENERAL)
        expect(notify("你好", key="no-such-key"), True)
        expect(await sandbox.count(GENERAL), before)

    with check("twenty messages a minute are shown, and no more"):
        await sandbox.reset()
        await sandbox.advance(61)
        for number in range(22):
            expect(notify(f"第 {number} 条"), True)
        expect(await sandbox.count(GENERAL), 20)


if __name__ == "__main__":
    world.run(main)
