//! Reading what a page says and what its forms would send.

use super::Answer;

impl Answer {
    /// The text of the page as a reader gets it: tags gone, white space joined.
    pub fn words(&self) -> String {
        let mut text = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            text.push(' ');
            rest = after.split_once('>').map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        let words = self.words();
        assert!(words.contains(text), "{text:?} isn't in:\n{words}");
    }

    /// The value of the first form field of this name.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let tag = self
            .body
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no field {name} in:\n{}", self.body));
        let (_, rest) = tag.split_once("value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}
