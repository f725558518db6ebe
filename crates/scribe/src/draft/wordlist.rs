//! Short closed lists of English words, written as text so that they stay readable.

/// Words separated by white space.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub &'static str);

impl Words {
    /// True when `word` stands in the list.
    pub fn contains(self, word: &str) -> bool {
        self.0.split_ascii_whitespace().any(|w| w == word)
    }

    /// The words, in the order written.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }
}
