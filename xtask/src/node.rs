//! Finds Node.js and keeps a folder with pinned packages for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Says whether this Node will do: the scripts want `fetch`, which came with 18.
const PROBE: &str = "process.exit(Number(typeof fetch !== 'function'))";

/// Node.js with packages that scripts find.
pub(crate) struct Node {
    program: PathBuf,
    packages: PathBuf,
}

impl Node {
    /// The interpreter with settings every script of ours wants.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("NODE_PATH", &self.packages)
            // All traffic of the scripts stays on this machine.
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost");
        command
    }
}

/// The machine's Node.js, and what installs packages for it.
pub(crate) struct Tools {
    node: PathBuf,
    npm: PathBuf,
}

/// What the machine has, or the reason why it cannot be used.
///
/// Few machines have it. So a machine where it cannot be installed is no error,
/// whatever keeps it from being installed.
pub(crate) fn find(install: bool) -> Result<Tools, String> {
    if install && usable().is_err() {
        process::apt_install(&["nodejs", "npm"]).map_err(|error| format!("{error:#}"))?;
    }
    usable()
}

fn usable() -> Result<Tools, String> {
    let find = |name| process::find_program(&[name]).ok_or(format!("{name} is not installed"));
    let (node, npm) = (find("node")?, find("npm")?);
    if !process::succeeds(Command::new(&node).args(["-e", PROBE])) {
        return Err("node is older than 18".to_owned());
    }
    Ok(Tools { node, npm })
}

/// The packages of the `package.json` in `from`, installed in `folder`.
///
/// Their versions and digests are those of the `package-lock.json` beside it. They
/// are installed anew when that file or the interpreter has changed.
pub(crate) fn environment(tools: &Tools, from: &Path, folder: &Path) -> Result<Node> {
    let lock = from.join("package-lock.json");
    let wanted =
        fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let wanted = format!("{}\n{wanted}", tools.node.display());
    let stamp = folder.join("npm.stamp");
    let inside = Node {
        program: tools.node.clone(),
        packages: folder.join("node_modules"),
    };
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(inside);
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(from.join(file), folder.join(file))
            .with_context(|| format!("cannot copy {file} to {}", folder.display()))?;
    }
    let ci = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--silent",
    ];
    process::run(Command::new(&tools.npm).current_dir(folder).args(ci))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(inside)
}
