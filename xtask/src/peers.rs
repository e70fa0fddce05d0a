//! The sandbox against the libraries people use, unmodified.
//!
//! The scripts in `xtask/peers` run in environments of their own, one for each
//! set of packages, and each against a sandbox of its own, so that none finds
//! what another left behind.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::node;
use crate::process::{self, Running};
use crate::python;
use crate::sandbox;
use crate::suite::{Outcome, Surroundings};
use crate::voice::say;

/// Packages that go together, and the scripts that use them.
struct Group {
    /// Names the group's folder and its lines in what is printed.
    name: &'static str,
    packages: Packages,
    /// Files in `xtask/peers`.
    scripts: &'static [&'static str],
}

/// The file in `xtask/peers` that pins the packages.
enum Packages {
    /// A list of requirements.
    Pip(&'static str),
    /// A folder with `package.json` and `package-lock.json`.
    Npm(&'static str),
}

/// In the order they run: the simplest transport first.
const GROUPS: [Group; 12] = [
    Group {
        name: "onebot",
        packages: Packages::Pip("onebot/requirements.txt"),
        scripts: &[
            "onebot/aiocqhttp_calls.py",
            "onebot/aiocqhttp_post.py",
            "onebot/aiocqhttp_reverse_ws.py",
            "onebot/nonebot_reverse.py",
            "onebot/nonebot_forward.py",
        ],
    },
    Group {
        name: "wechatpy-1",
        packages: Packages::Pip("wecom/wechatpy-1.txt"),
        scripts: WECHATPY,
    },
    Group {
        name: "wechatpy-2",
        packages: Packages::Pip("wecom/wechatpy-2.txt"),
        scripts: WECHATPY,
    },
    Group {
        name: "wecom-robots",
        packages: Packages::Pip("wecom/robots.txt"),
        scripts: &[
            "wecom/corpwechatbot_robot.py",
            "wecom/apprise_robot.py",
            "wecom/aibot_python.py",
        ],
    },
    Group {
        name: "wecom-node",
        packages: Packages::Npm("wecom"),
        scripts: &["wecom/crypto.js", "wecom/aibot.js"],
    },
    Group {
        name: "dingtalk-sdk",
        packages: Packages::Pip("dingtalk/sdk.txt"),
        scripts: &[
            "dingtalk/sdk_tokens.py",
            "dingtalk/sdk_chat.py",
            "dingtalk/sdk_message.py",
            "dingtalk/sdk_directory.py",
            "dingtalk/sdk_callbacks.py",
        ],
    },
    Group {
        name: "dingtalk-robots",
        packages: Packages::Pip("dingtalk/robots.txt"),
        scripts: &[
            "dingtalk/chatbot_robot.py",
            "dingtalk/stream_python.py",
            "dingtalk/stream_python_cuts.py",
        ],
    },
    Group {
        name: "dingtalk-node",
        packages: Packages::Npm("dingtalk"),
        scripts: &["dingtalk/stream.js", "dingtalk/stream_cuts.js"],
    },
    Group {
        name: "rongcloud-sdk",
        packages: Packages::Pip("rongcloud/sdk.txt"),
        scripts: &[
            "rongcloud/sdk_suite.py",
            "rongcloud/sdk_users.py",
            "rongcloud/sdk_messages.py",
            "rongcloud/sdk_groups.py",
            "rongcloud/sdk_chatrooms.py",
            "rongcloud/sdk_push_sms.py",
            "rongcloud/sdk_refusals.py",
            "rongcloud/sdk_callbacks.py",
        ],
    },
    Group {
        name: "rongcloud-node",
        packages: Packages::Npm("rongcloud"),
        scripts: &[
            "rongcloud/server_sdk.js",
            "rongcloud/server_sdk_signature.js",
        ],
    },
    Group {
        name: "bearychat-sdk",
        packages: Packages::Pip("bearychat/sdk.txt"),
        scripts: &[
            "bearychat/aio_openapi.py",
            "bearychat/sdk_openapi.py",
            "bearychat/sdk_rtm.py",
        ],
    },
    Group {
        name: "bearychat-node",
        packages: Packages::Npm("bearychat"),
        scripts: &["bearychat/sdk.js", "bearychat/rtm.js"],
    },
];

/// Both versions of wechatpy are asked the same.
const WECHATPY: &[&str] = &[
    "wecom/wechatpy_tokens.py",
    "wecom/wechatpy_appchat.py",
    "wecom/wechatpy_message.py",
    "wecom/wechatpy_media.py",
    "wecom/wechatpy_directory.py",
    "wecom/wechatpy_callbacks.py",
];

/// The scripts give up by themselves after 60 seconds.
const SCRIPT_LIMIT: Duration = Duration::from_secs(90);

pub(crate) fn run(surroundings: &Surroundings) -> Result<Outcome> {
    let python = match python::find(surroundings.install)? {
        Ok(python) => python,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let node = node::find(surroundings.install);
    if let Err(reason) = &node {
        ensure!(!must_have_node(surroundings), "{reason}: see --install");
    }
    sandbox::build(surroundings)?;

    let mut run = Run::new(surroundings)?;
    for group in &GROUPS {
        let folder = run.folder.join(group.name);
        match (&group.packages, &node) {
            (Packages::Pip(file), _) => {
                let python = python::environment(&python, &run.scripts.join(file), &folder)?;
                run.group(group, || python.command());
            }
            (Packages::Npm(from), Ok(tools)) => {
                let node = node::environment(tools, &run.scripts.join(from), &folder)?;
                run.group(group, || node.command());
            }
            (Packages::Npm(_), Err(reason)) => run.skip(group, reason),
        }
    }
    run.outcome()
}

/// Whether a machine without Node.js is at fault: peers are required, and what
/// is missing could have been installed.
fn must_have_node(surroundings: &Surroundings) -> bool {
    surroundings.require_peers && !surroundings.install && process::can_install()
}

/// What has come of the scripts so far.
struct Run<'a> {
    root: &'a Path,
    /// `xtask/peers`.
    scripts: PathBuf,
    /// Where packages and logs go.
    folder: PathBuf,
    done: usize,
    checks: u32,
    failed: Vec<String>,
    skipped: Vec<String>,
}

impl<'a> Run<'a> {
    fn new(surroundings: &'a Surroundings) -> Result<Self> {
        Ok(Self {
            root: &surroundings.root,
            scripts: surroundings.root.join("xtask").join("peers"),
            folder: sandbox::target_folder()?.join("peers"),
            done: 0,
            checks: 0,
            failed: Vec::new(),
            skipped: Vec::new(),
        })
    }

    /// Runs the scripts of `group` with what `interpreter` makes.
    fn group(&mut self, group: &Group, interpreter: impl Fn() -> Command) {
        for script in group.scripts {
            let name = format!("{}: {script}", group.name);
            say(&format!("\n{name}"));
            let log = self.log(group, script);
            match self.script(script, interpreter(), &log) {
                Ok(checks) => self.checks += checks,
                Err(error) => {
                    say(&format!("{error:#}\n{}", sandbox::end_of(&log)));
                    self.failed.push(name);
                }
            }
            self.done += 1;
        }
    }

    /// Where the sandbox of a script writes to.
    fn log(&self, group: &Group, script: &str) -> PathBuf {
        let stem = Path::new(script).with_extension("log");
        let name = stem.file_name().unwrap_or_default();
        self.folder.join(group.name).join(name)
    }

    /// Runs a script against a sandbox of its own; returns how many checks it made.
    fn script(&self, script: &str, mut command: Command, log: &Path) -> Result<u32> {
        let sandbox = sandbox::start(self.root, "sandbox", log)?;
        command
            .arg(self.scripts.join(script))
            .env("PYTHONPATH", &self.scripts)
            .env("MYNAH_SANDBOX", &sandbox.url);
        let mut tally = None;
        let status = Running::start(&mut command, None)?.finish(SCRIPT_LIMIT, |line| {
            say(&format!("  {line}"));
            tally = Tally::parse(line).or(tally);
        })?;
        match tally {
            Some(tally) if status.success() && tally.failed == 0 && tally.passed > 0 => {
                Ok(tally.passed)
            }
            Some(tally) => bail!("{script}: {} checks failed, {status}", tally.failed),
            None => bail!("{script} did not get to its end: {status}"),
        }
    }

    /// Leaves the scripts of `group` out, and says so by name.
    fn skip(&mut self, group: &Group, reason: &str) {
        let scripts = group.scripts.join(", ");
        let skipped = format!("skipped {scripts}: {reason}");
        say(&format!("\n{}: {skipped}", group.name));
        self.skipped.push(skipped);
    }

    fn outcome(self) -> Result<Outcome> {
        ensure!(self.failed.is_empty(), "failed: {}", self.failed.join(", "));
        let figures = format!("{} checks in {} scripts", self.checks, self.done);
        let remarks = [vec![figures], self.skipped].concat();
        Ok(Outcome::Passed(remarks.join("; ")))
    }
}

/// What a script counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Reads the last line of a script, `12 passed, 0 failed`.
    fn parse(line: &str) -> Option<Self> {
        let (passed, rest) = line.split_once(" passed, ")?;
        let failed = rest.strip_suffix(" failed")?;
        Some(Self {
            passed: passed.parse().ok()?,
            failed: failed.parse().ok()?,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_script_is_its_tally() {
        assert_eq!(
            Tally::parse("12 passed, 3 failed"),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        for line in [
            "ok send_msg",
            "passed, failed",
            "12 passed",
            "-1 passed, 0 failed",
        ] {
            assert_eq!(Tally::parse(line), None, "{line:?}");
        }
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
    }

    #[test]
    fn every_script_and_every_list_of_packages_is_there() {
        for group in &GROUPS {
            let packages = match group.packages {
                Packages::Pip(file) => file.to_owned(),
                Packages::Npm(from) => format!("{from}/package-lock.json"),
            };
            for file in group.scripts.iter().copied().chain([&*packages]) {
                assert!(folder().join(file).is_file(), "{file}");
            }
        }
    }

    #[test]
    fn no_lock_file_says_where_packages_come_from() {
        for group in &GROUPS {
            if let Packages::Npm(from) = group.packages {
                let lock = folder().join(from).join("package-lock.json");
                let text = std::fs::read_to_string(lock).unwrap();
                assert!(text.contains("\"integrity\""), "{from}");
                assert!(!text.contains("\"resolved\""), "{from}");
            }
        }
    }

    #[test]
    fn what_is_skipped_is_named_beside_the_figures() {
        let surroundings = Surroundings::default();
        let mut run = Run::new(&surroundings).unwrap();
        (run.checks, run.done) = (12, 3);
        let group = Group {
            name: "bots",
            packages: Packages::Npm("bots"),
            scripts: &["bots/a.js", "bots/b.js"],
        };
        run.skip(&group, "node is not installed");
        let Outcome::Passed(remark) = run.outcome().unwrap() else {
            panic!("it passed");
        };
        assert_eq!(
            remark,
            "12 checks in 3 scripts; skipped bots/a.js, bots/b.js: node is not installed"
        );
    }
}
