"""NoneBot2 connects to the sandbox: its websockets driver."""

import asyncio
import os

import common
import nonebot
import nonebot_bot
import world


def main():
    checks = common.Checks()
    inbox = common.Inbox()
    sandbox = os.environ["MYNAH_SANDBOX"].replace("http://", "ws://")
    driver = nonebot_bot.init(driver="~websockets", onebot_ws_urls=[f"{sandbox}/onebot/"])
    nonebot_bot.plugin(inbox)
    running = []

    async def talk_and_exit():
        try:
            await world.drive(lambda *given: nonebot_bot.talk(*given, inbox), checks)
        finally:
            driver.exit()

    @driver.on_startup
    async def start():
        running.append(asyncio.create_task(talk_and_exit()))

    nonebot.run()
    common.finish(checks)


if __name__ == "__main__":
    main()
