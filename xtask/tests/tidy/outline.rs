//! What of a document can be compared without knowing its language.

/// The outline of a document in Markdown.
#[derive(Debug, PartialEq)]
pub(crate) struct Outline {
    /// The level of each heading.
    pub(crate) headings: Vec<usize>,
    /// Each code block, with its fence.
    pub(crate) code: Vec<String>,
    /// How many rows its tables have.
    pub(crate) rows: usize,
}

impl Outline {
    pub(crate) fn of(text: &str) -> Self {
        let mut outline = Self {
            headings: Vec::new(),
            code: Vec::new(),
            rows: 0,
        };
        let mut inside = false;
        for line in text.lines() {
            let fence = line.trim_start().starts_with("```");
            if fence && !inside {
                outline.code.push(String::new());
            }
            if fence || inside {
                let block = outline.code.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
            } else if line.starts_with('#') {
                outline
                    .headings
                    .push(line.chars().take_while(|&c| c == '#').count());
            } else if line.starts_with('|') {
                outline.rows += 1;
            }
            inside ^= fence;
        }
        outline
    }

    /// The code in each block whose fence names this language.
    pub(crate) fn code_in<'o>(&'o self, language: &str) -> impl Iterator<Item = &'o str> {
        let opening = format!("```{language}\n");
        self.code.iter().filter_map(move |block| {
            let code = block.trim_start().strip_prefix(&opening)?;
            code.trim_end().strip_suffix("```")
        })
    }
}

#[test]
fn a_difference_is_found() {
    let outline = Outline::of("# A\n```sh\n# not a heading\n```\n## B\n| x |\n");
    assert_eq!(outline.headings, [1, 2]);
    assert_eq!(outline.code, ["```sh\n# not a heading\n```\n"]);
    assert_eq!(outline.rows, 1);
    for other in [
        "# A\n```sh\n# not a heading\n```\n| x |\n",
        "# A\n```sh\n# changed\n```\n## B\n| x |\n",
        "# A\n```sh\n# not a heading\n```\n## B\n",
    ] {
        assert_ne!(Outline::of(other), outline, "{other}");
    }
}

#[test]
fn code_is_found_by_its_language() {
    let outline =
        Outline::of("```sh\nls\n```\n1. so:\n   ```rust\n   f();\n   ```\n```rust\ng();\n```\n");
    let rust: Vec<_> = outline.code_in("rust").map(str::trim).collect();
    assert_eq!(rust, ["f();", "g();"]);
}
