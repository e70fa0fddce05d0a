//! XML: what is read, what is refused, and that writing is the inverse.

use mynah_wecom::xml::{BadXml, Element};
use proptest::prelude::*;

fn text(xml: &str) -> String {
    Element::read(xml).unwrap().text.into_owned()
}

fn refused(xml: &str) -> BadXml {
    Element::read(xml).unwrap_err()
}

#[test]
fn text_is_what_is_meant() {
    for (xml, meant) in [
        (
            "<a>1 &lt; 2 &amp;&#38;&#x26; &quot;&apos;&gt;</a>",
            "1 < 2 &&& \"'>",
        ),
        ("<a><![CDATA[<b>&amp;</b>]]></a>", "<b>&amp;</b>"),
        ("<a><![CDATA[a]]]]><![CDATA[>b]]></a>", "a]]>b"),
        ("<a>x<!-- y -->z</a>", "xz"),
        ("<a attribute=\"1\"> \n </a>", " \n "),
        ("<a>1\r\n2\r3&#13;</a>", "1\n2\n3\r"),
        (
            "<a><![CDATA[\u{0}\u{b}]]>&#8;</a>",
            "\u{fffd}\u{fffd}\u{fffd}",
        ),
        ("<a/>", ""),
        (
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>b</a>\n",
            "b",
        ),
    ] {
        assert_eq!(text(xml), meant, "{xml:?}");
    }
}

#[test]
fn text_beside_elements_says_nothing() {
    let read = Element::read("<a>\n  <b>1</b> and <c/>\n</a>").unwrap();
    let children = [Element::with_text("b", "1"), Element::with_text("c", "")];
    assert_eq!(read, Element::with_children("a", children));
}

#[test]
fn what_stands_there_as_it_is_meant_is_borrowed() {
    let xml = "<a><b>text</b><c><![CDATA[more]]></c></a>".to_owned();
    let read = Element::read(&xml).unwrap();
    let range = xml.as_bytes().as_ptr_range();
    for child in &read.children {
        assert!(range.contains(&child.name.as_ptr()), "{child:?}");
        assert!(range.contains(&child.text.as_ptr()), "{child:?}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = r#"<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
        <xml><Content>&lol2;</Content></xml>"#;
    assert_eq!(refused(bomb), BadXml::DocumentType);
    assert!(matches!(refused("<xml>&lol2;</xml>"), BadXml::Reference(_)));
}

#[test]
fn nothing_is_fetched_for_a_document() {
    for xml in [
        r#"<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>"#,
        r#"<!DOCTYPE xml [<!ENTITY x SYSTEM "http://127.0.0.1/">]><xml>&x;</xml>"#,
        r#"<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><xml/>"#,
    ] {
        assert_eq!(refused(xml), BadXml::DocumentType, "{xml}");
    }
}

#[test]
fn a_document_that_breaks_off_is_refused() {
    let whole = "<xml><Content><![CDATA[text]]></Content></xml>";
    for length in 0..whole.len() {
        let refusal = refused(&whole[..length]);
        assert!(
            matches!(refusal, BadXml::Unfinished | BadXml::Malformed(_)),
            "{length}: {refusal:?}"
        );
    }
}

#[test]
fn what_is_no_document_is_refused() {
    for xml in [
        "",
        "text",
        "{}",
        "<a></b>",
        "</a>",
        "<a></a></a>",
        "<a/><b/>",
        "<a/>text",
        "<a>]]&</a>",
        "< a/>",
        "<>x</>",
        "<1/>",
        "<a><![CDATA[</a>",
        "<a&lt;/>",
    ] {
        let refusal = refused(xml);
        let expected = matches!(
            refusal,
            BadXml::Unfinished | BadXml::Malformed(_) | BadXml::Reference(_)
        );
        assert!(expected, "{xml}: {refusal:?}");
    }
    assert!(matches!(refused("<a>&#0;</a>"), BadXml::Reference(_)));
    assert!(matches!(refused("<a>&#xD800;</a>"), BadXml::Reference(_)));
}

#[test]
fn size_depth_and_number_are_limited() {
    let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(Element::read(&nested(Element::DEEPEST)).is_ok());
    assert_eq!(refused(&nested(Element::DEEPEST + 1)), BadXml::TooDeep);

    let beside = |count| format!("<a>{}</a>", "<b/>".repeat(count));
    assert!(Element::read(&beside(Element::MOST - 1)).is_ok());
    assert_eq!(refused(&beside(Element::MOST)), BadXml::TooMany);

    let long = |length: usize| format!("<a>{}</a>", "x".repeat(length - 7));
    assert!(Element::read(&long(Element::LARGEST)).is_ok());
    let length = Element::LARGEST + 1;
    assert_eq!(refused(&long(length)), BadXml::TooLarge(length));
}

#[test]
fn what_ends_cdata_is_divided_among_two() {
    let element = Element::with_text("Content", "a]]>b");
    assert_eq!(
        element.write(),
        "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"
    );
    // Enough brackets for more than one end.
    let element = Element::with_text("Content", "]]]>>]]>\r]]>");
    assert_eq!(Element::read(&element.write()).unwrap(), element);
}

/// Elements as they can be read: with text or with elements.
fn elements() -> impl Strategy<Value = Element<'static>> {
    let name = "[A-Za-z_][A-Za-z0-9_.-]{0,9}";
    let text = prop_oneof!["[\\]>\r\n\t<&a]{0,12}", "\\PC{0,20}"];
    let leaf = (name, text).prop_map(|(name, text)| Element::with_text(name, text));
    leaf.prop_recursive(4, 30, 5, move |inner| {
        (name, prop::collection::vec(inner, 1..5))
            .prop_map(|(name, children)| Element::with_children(name, children))
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(element in elements()) {
        let written = element.write();
        prop_assert_eq!(Element::read(&written), Ok(element));
    }

    #[test]
    fn anything_is_read_or_refused(text in "[<>/!?&;#\\[\\]=\"a-c \r\nCDATA-]{0,60}") {
        if let Ok(element) = Element::read(&text) {
            let written = element.write();
            prop_assert_eq!(Element::read(&written), Ok(element));
        }
    }
}
