"""The SDK's own tests, run as they are on a fresh sandbox."""

import json
import logging
import os
import tempfile
import unittest
from contextlib import chdir
from pathlib import Path

import world
from common import expect
from world import KEY, SECRET

# The tests are 47: five names stand there twice, and the second counts.
TESTS = 47

# The tests read these from the folder they run in; the package has none.
SOURCES = {
    "TemplateMessage": {
        "fromUserId": "userId1",
        "objectName": "RC:TxtMsg",
        "content": world.text("{who}: {points}"),
        "toUserId": ["userId2", "userId3"],
        "values": [{"{who}": "甲", "{points}": "90"}, {"{who}": "乙", "{points}": "95"}],
        "pushContent": ["{who}", "{who}"],
        "pushData": ["", ""],
        "verifyBlacklist": 0,
    },
    "UserTag": {"userId": "userId1", "tags": ["北京", "young"]},
    "PushMessage": {
        "platform": ["ios", "android"],
        "fromuserid": "userId1",
        "audience": {"tag": ["北京"], "userid": ["userId1", "userId2"], "is_to_all": False},
        "message": {"content": world.text("hello"), "objectName": "RC:TxtMsg"},
        "notification": {
            "alert": "all",
            "ios": {"alert": "some", "extras": {"id": "1"}},
            "android": {"alert": "others", "extras": {"id": "1"}},
        },
    },
}


class Result(unittest.TestResult):
    """Counts each of the tests as a check."""

    def __init__(self, check):
        super().__init__()
        self.check = check
        self.broken = {}

    def addError(self, test, error):
        self.broken[test] = error[1]

    addFailure = addError

    def stopTest(self, test):
        with self.check(f"{test._testMethodName} of the SDK"):
            if test in self.broken:
                raise self.broken[test]
        super().stopTest(test)


async def main(sandbox, check):
    os.environ |= {"APP_KEY": KEY, "APP_SECRET": SECRET}
    # It logs every answer.
    logging.disable(logging.INFO)
    from rongcloud import test

    tests = unittest.defaultTestLoader.loadTestsFromModule(test)
    with check(f"the SDK has {TESTS} tests"):
        expect(tests.countTestCases(), TESTS)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("jsonsource").mkdir()
        for name, content in SOURCES.items():
            Path(f"jsonsource/{name}.json").write_text(json.dumps(content))
        tests.run(Result(check))


world.run(main)
