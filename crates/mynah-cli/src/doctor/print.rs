//! Reports for people.

use std::fmt::Write as _;

use super::finding::{Finding, Report, Severity};
use crate::language::Language;

/// The reports, one account after the other.
pub(crate) fn print(reports: &[Report], language: Language) -> String {
    let mut text = String::new();
    for report in reports {
        if !text.is_empty() {
            text.push('\n');
        }
        let what = report.what.to(language);
        let head = match (report.account.is_empty(), what.is_empty()) {
            (true, _) => what.to_owned(),
            (false, true) => report.account.clone(),
            (false, false) => format!("{} ({what})", report.account),
        };
        line(&mut text, &head);
        for (place, words) in &report.well {
            let ok = match language {
                Language::En => "ok",
                Language::Zh => "正常",
            };
            line(
                &mut text,
                &format!("  {ok}  {place}: {}", words.to(language)),
            );
        }
        let mut findings: Vec<_> = report.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in findings {
            tell(&mut text, finding, language);
        }
    }
    line(&mut text, "");
    line(&mut text, &sum(reports, language));
    text
}

fn line(text: &mut String, words: &str) {
    // Text takes everything.
    let _ = writeln!(text, "{}", words.trim_end());
}

fn tell(text: &mut String, finding: &Finding, language: Language) {
    let severity = finding.severity.label(language);
    line(
        text,
        &format!("  {severity}  {}  [{}]", finding.place, finding.code),
    );
    let labels = match language {
        Language::En => ["seen ", "cause", "fix  "],
        Language::Zh => ["现象", "原因", "处理"],
    };
    let words = [&finding.seen, &finding.cause, &finding.fix];
    for (label, words) in labels.into_iter().zip(words) {
        let words = words.to(language);
        if !words.is_empty() {
            line(text, &format!("    {label}  {words}"));
        }
    }
}

fn sum(reports: &[Report], language: Language) -> String {
    let count = |severity| {
        let all = reports.iter().flat_map(|report| &report.findings);
        all.filter(|finding| finding.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match (language, errors, warnings) {
        (Language::En, 0, 0) => "nothing is wrong".to_owned(),
        (Language::Zh, 0, 0) => "没有发现问题".to_owned(),
        (Language::En, ..) => [(errors, "error"), (warnings, "warning")]
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .join(", "),
        (Language::Zh, ..) => format!("{errors} 个错误，{warnings} 个警告"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Words;
    use super::*;
    use crate::exit::Exit;

    fn reports() -> Vec<Report> {
        let mut report = Report::new("app", ("WeCom, application", "企业微信应用"));
        report.well("https://h", ("reached", "连通"));
        report.add([
            Finding::note("n", "here").seen(Words::same("x")),
            Finding::error("tls.expired", Exit::Temporary, "https://h")
                .seen(("gone", "过期"))
                .fix(("renew", "续期")),
        ]);
        vec![report]
    }

    #[test]
    fn what_is_worst_comes_first_in_the_language_that_is_asked_for() {
        assert_eq!(
            print(&reports(), Language::En),
            "app (WeCom, application)\n  ok  https://h: reached\n  error  https://h  [tls.expired]\n    \
             seen   gone\n    fix    renew\n  note  here  [n]\n    seen   x\n\n1 error, 0 warnings\n"
        );
        let chinese = print(&reports(), Language::Zh);
        assert!(
            chinese.contains("  错误  https://h  [tls.expired]\n    现象  过期\n    处理  续期\n")
        );
    }

    #[test]
    fn without_findings_it_says_so() {
        let report = Report::new("app", Words::default());
        assert_eq!(print(&[report], Language::Zh), "app\n\n没有发现问题\n");
    }
}
