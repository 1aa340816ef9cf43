//! HTML mail as plain text. Nothing of it is ever drawn as HTML again, so this needs to find the
//! words and where lines end, and nothing else.

/// Elements whose content is no text.
const SILENT: &[&str] = &["script", "style", "head", "title", "template"];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// What mail programs write around the message that is answered.
const QUOTE_MARKS: &[&str] = &[
    "gmail_quote",
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "protonmail_quote",
    "appendonsend",
    "divrplyfwdmsg",
    "olk_src_body_section",
];

/// The words of an HTML text, without those quoted from an earlier message.
pub fn text_of_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut skipped: Option<Skipped> = None;
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, from_tag) = rest.split_at(open);
        if skipped.is_none() {
            push_text(&mut out, text);
        }
        let Some((tag, behind)) = Tag::read(from_tag) else {
            // A sign that opens nothing: "less than".
            if skipped.is_none() {
                out.push('<');
            }
            rest = from_tag.get(1..).unwrap_or_default();
            continue;
        };
        rest = behind;
        match &mut skipped {
            Some(skip) => {
                if skip.ends_with(&tag) {
                    skipped = None;
                    out.push('\n');
                }
            }
            None => {
                if tag.name == "br" || BLOCKS.contains(&tag.name.as_str()) {
                    push_line_end(&mut out, &tag);
                }
                if tag.opens_what_is_skipped() {
                    skipped = Some(Skipped {
                        name: tag.name,
                        depth: 1,
                    });
                }
            }
        }
    }
    if skipped.is_none() {
        push_text(&mut out, rest);
    }
    html_escape::decode_html_entities(&out)
        .replace('\u{a0}', " ")
        .trim()
        .to_owned()
}

/// An element that is passed over, and how deep in others of its name we are.
struct Skipped {
    name: String,
    depth: usize,
}

impl Skipped {
    fn ends_with(&mut self, tag: &Tag) -> bool {
        if tag.name == self.name && !tag.is_empty {
            if tag.closes {
                self.depth -= 1;
            } else {
                self.depth += 1;
            }
        }
        self.depth == 0
    }
}

struct Tag {
    /// In lower case; `!--` for a comment.
    name: String,
    /// What stands behind the name, in lower case.
    attributes: String,
    closes: bool,
    is_empty: bool,
}

impl Tag {
    /// The tag at the start of `html`, and what follows it. None if no tag begins here.
    fn read(html: &str) -> Option<(Self, &str)> {
        if html.starts_with("<!--") {
            let behind = html
                .find("-->")
                .and_then(|end| html.get(end + 3..))
                .unwrap_or_default();
            return Some((Self::of("!--", "", false), behind));
        }
        let inside = html.get(1..)?;
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
            return None;
        }
        let end = end_of_tag(inside);
        let (content, behind) = match end {
            Some(end) => (inside.get(..end)?, inside.get(end + 1..)?),
            // It never ends: the rest is no text.
            None => (inside, ""),
        };
        let name_ends = content
            .find(|c: char| c.is_whitespace() || c == '/')
            .unwrap_or(content.len());
        let (name, attributes) = content.split_at(name_ends);
        Some((Self::of(name, attributes, closes), behind))
    }

    fn of(name: &str, attributes: &str, closes: bool) -> Self {
        Self {
            name: name.to_ascii_lowercase(),
            attributes: attributes.to_ascii_lowercase(),
            closes,
            is_empty: attributes.ends_with('/'),
        }
    }

    fn opens_what_is_skipped(&self) -> bool {
        if self.closes || self.is_empty {
            return false;
        }
        let is_quote = self.name == "blockquote"
            || QUOTE_MARKS
                .iter()
                .any(|mark| self.attributes.contains(mark));
        SILENT.contains(&self.name.as_str()) || (is_quote && BLOCKS.contains(&self.name.as_str()))
    }
}

/// Where the tag's `>` is; one inside of a quoted attribute doesn't end it.
fn end_of_tag(inside: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    // An attribute whose quote is never closed: the next sign ends the tag after all.
    inside.find('>')
}

/// Spaces and line ends of the source are one space each.
fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// A paragraph leaves an empty line behind, which ends a sentence.
fn push_line_end(out: &mut String, tag: &Tag) {
    let is_paragraph = matches!(
        tag.name.as_str(),
        "p" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    );
    let wanted = if is_paragraph { 2 } else { 1 };
    let there = out.chars().rev().take_while(|c| *c == '\n').count();
    if out.is_empty() {
        return;
    }
    // Two breaks are an empty line, two ends of nested blocks are not.
    let more = if tag.name == "br" {
        1
    } else {
        usize::saturating_sub(wanted, there)
    };
    out.extend(std::iter::repeat_n('\n', more));
}

#[cfg(test)]
mod tests {
    use super::text_of_html;

    #[test]
    fn words_survive_and_tags_do_not() {
        assert_eq!(
            text_of_html(
                "<html><body><p>Please <b>st</b>op&nbsp;calling &amp; writing.</p><p>Jo</p></body></html>"
            ),
            "Please stop calling & writing.\n\nJo"
        );
        assert_eq!(text_of_html("2 < 3<br>ok"), "2 < 3\nok");
        assert_eq!(text_of_html("ma&ntilde;ana &#8217; &#x41;"), "mañana ’ A");
    }

    #[test]
    fn quotes_styles_and_comments_are_no_words() {
        for html in [
            "<style>p{}</style><!-- <p>stop</p> -->Yes<blockquote>stop <blockquote>x</blockquote> y</blockquote>",
            "Yes<div class=\"gmail_quote\"><div>On Monday</div>stop</div>",
            "<div id=x title=\"a>b\">Yes</div><div id='appendonsend'></div><script>stop",
        ] {
            assert_eq!(text_of_html(html).trim(), "Yes", "{html}");
        }
    }

    #[test]
    fn words_after_a_quote_are_kept() {
        assert_eq!(
            text_of_html("<blockquote>old</blockquote><p>stop calling</p>"),
            "stop calling"
        );
    }
}
