//! Takes off what the writer did not write: the message that is answered, and the signature.

/// What is left of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    pub text: String,
    /// There was text, and nothing of it is left: it can't be told what was meant.
    pub all_was_taken: bool,
}

/// The writer's own words in `text`, in the ways in which mail programs write English and Spanish.
pub fn own_words(text: &str) -> OwnWords {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let from_here = lines.get(at..).unwrap_or_default();
        if is_quote(line) {
            at += 1;
        } else if let Some(length) = introduction(from_here) {
            at += length;
            // Where each line of the quote is marked, what stands below is the writer's.
            let next = lines.iter().skip(at).find(|line| !line.trim().is_empty());
            if !next.is_some_and(|line| is_quote(line)) {
                break;
            }
        } else if begins_old_message(from_here) || is_signature_mark(line) {
            break;
        } else {
            if !is_device_line(line) {
                kept.push(line);
            }
            at += 1;
        }
    }
    let own = kept.join("\n").trim().to_owned();
    OwnWords {
        all_was_taken: own.is_empty() && !text.trim().is_empty(),
        text: own,
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with(['>', '|'])
}

/// RFC 3676 4.3: two dashes and a space. Many leave the space out.
fn is_signature_mark(line: &str) -> bool {
    matches!(line.trim_end(), "--" | "—" | "__")
}

/// "Sent from my iPhone" and the like; anything longer may be more than that.
fn is_device_line(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    const BEGINNINGS: &[&str] = &[
        "sent from my ",
        "sent from mail for ",
        "sent from yahoo",
        "sent from outlook",
        "get outlook for ",
        "enviado desde mi ",
        "enviado desde yahoo",
        "enviado desde outlook",
        "obtener outlook para ",
    ];
    line.len() <= 60 && BEGINNINGS.iter().any(|each| line.starts_with(each))
}

/// "On Tue, Nov 17, 2026 at 9:14 AM Harbor <a@b.example> wrote:", which may be broken over up to
/// four lines. Returns over how many.
fn introduction(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim().to_lowercase();
    const OPENINGS: &[&str] = &["on ", "el ", "le ", "en "];
    const ENDINGS: &[&str] = &["wrote:", "escribió:", "escribio:", "wrote :", "escribió :"];
    if !OPENINGS.iter().any(|opening| first.starts_with(opening)) {
        return None;
    }
    let mut text = String::new();
    for (count, line) in lines.iter().take(4).enumerate() {
        if line.trim().is_empty() {
            return None;
        }
        text.push_str(&line.trim().to_lowercase());
        text.push(' ');
        if ENDINGS
            .iter()
            .any(|ending| text.trim_end().ends_with(ending))
        {
            // A day and a time or an address, so that "On Monday you wrote:" of a letter is one
            // too, and "On no account, as my brother wrote:" costs nothing but a second look.
            return Some(count + 1);
        }
    }
    None
}

/// The head of a message as Outlook and others copy it, or a line that announces one.
fn begins_old_message(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|line| line.trim()) else {
        return false;
    };
    let words = first
        .trim_matches(|c: char| matches!(c, '-' | '_' | '*' | ' ' | '='))
        .to_lowercase();
    let has_rule = first.starts_with("--") || first.starts_with("__") || first.starts_with("==");
    const ANNOUNCED: &[&str] = &[
        "original message",
        "original email",
        "forwarded message",
        "mensaje original",
        "mensaje reenviado",
        "mensaje anterior",
    ];
    if has_rule && ANNOUNCED.contains(&words.as_str()) {
        return true;
    }
    if matches!(
        words.as_str(),
        "begin forwarded message:" | "inicio del mensaje reenviado:"
    ) {
        return true;
    }
    is_copied_head(lines)
}

/// Three of a head's fields within five lines, the first one here.
fn is_copied_head(lines: &[&str]) -> bool {
    const FIRST: &[&str] = &["from:", "de:"];
    const FIELDS: &[&str] = &[
        "sent:",
        "date:",
        "to:",
        "cc:",
        "subject:",
        "reply-to:",
        "enviado:",
        "enviado el:",
        "fecha:",
        "para:",
        "asunto:",
    ];
    let head: Vec<String> = lines
        .iter()
        .take(6)
        .map(|line| {
            line.trim()
                .trim_matches('*')
                .replace("*:", ":")
                .to_lowercase()
        })
        .collect();
    let starts = |line: &String, with: &[&str]| with.iter().any(|field| line.starts_with(field));
    head.first().is_some_and(|line| starts(line, FIRST))
        && head
            .iter()
            .skip(1)
            .filter(|line| starts(line, FIELDS))
            .count()
            >= 2
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn an_answer_above_the_quote() {
        for text in [
            "Yes.\n\nOn Tue, Nov 17, 2026 at 9:14 AM Harbor\n<a@b.example> wrote:\n> stop\n",
            "Yes.\n\nEl mar, 17 nov 2026 a las 9:14, Harbor (<a@b.example>)\nescribió:\n\nstop\n",
            "Yes.\r\n\r\n-----Original Message-----\r\nstop",
            "Yes.\n________________________________\nFrom: A\nSent: Monday\nTo: B\nSubject: C\nstop",
            "Yes.\n*De:* A\n*Enviado:* lunes\n*Para:* B\nstop",
            "Yes.\n-- \nStop & Sons, Attorneys",
            "Yes.\nSent from my iPhone",
        ] {
            let own = own_words(text);
            assert_eq!(own.text.trim_matches(['_', '\n']), "Yes.", "{text}");
            assert!(!own.all_was_taken);
        }
    }

    #[test]
    fn an_answer_below_or_between_is_kept() {
        let below = own_words("On Monday Jo wrote:\n> pay\n> now\n\nStop calling me.");
        assert_eq!(below.text, "Stop calling me.");
        let between = own_words("> pay\nNo.\n> now\nStop calling me.");
        assert_eq!(between.text, "No.\nStop calling me.");
    }

    #[test]
    fn a_sentence_that_begins_like_an_introduction_is_kept() {
        let text = "On Monday I wrote that I would pay. Stop calling me.";
        assert_eq!(own_words(text).text, text);
    }

    #[test]
    fn it_is_told_when_nothing_is_left() {
        assert!(own_words("> stop").all_was_taken);
        assert!(!own_words("  ").all_was_taken);
    }
}
