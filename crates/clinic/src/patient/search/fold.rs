//! A name in any script as plain words: one Latin spelling, the native spelling beside it, syllables where the script writes none apart.
//! Pure: the same text gives the same words at every desk. Takes any text, never fails, and never looks at more than [`MAX_CHARS`].

use std::{collections::BTreeSet, ops::Range};

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::words::{ABDUL, MIDDLE_PARTICLES, NATIVE_TITLES, PARTICLES, READINGS, SLASH_PARTICLES, TITLES};

/// Longest text that is looked at, in characters. A name is shorter; a pasted page is not searched for.
pub(crate) const MAX_CHARS: usize = 200;
/// Most words of one name or query.
const MAX_WORDS: usize = 12;
/// Longest word, in characters.
const MAX_WORD: usize = 40;

/// What a word does in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Part of the name proper.
    Core,
    /// Joins names (`bin`, `a/l`, `van`): people leave it out.
    Particle,
    /// Stands before or behind a name (`Dr.`, `Haji`, `الدكتورة`): people leave it out.
    Title,
}

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// ASCII lower-case letters and digits, never empty.
    pub latin: String,
    /// The word in its own script without marks that people leave out; empty when that script is Latin.
    pub native: String,
    /// The syllables or joined words inside, in Latin letters, at least two; else empty.
    pub parts: Vec<String>,
    pub role: Role,
}

/// A name or query as words, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Folded {
    pub words: Vec<Word>,
}

/// The words of a text. Empty when it holds no letter or digit.
pub(crate) fn fold(text: &str) -> Folded {
    let text: String = text.chars().take(MAX_CHARS).nfkc().filter(|c| !is_ignored(*c)).take(2 * MAX_CHARS).collect();
    let mut words = Vec::new();
    for (segment_at, segment) in text.split([',', '،', '、']).enumerate() {
        let degree = segment_at > 0 && segment.contains('.') && segment.split(is_separator).all(|word| word.chars().count() <= 4);
        for chunk in segment.split_whitespace() {
            if words.len() >= MAX_WORDS {
                break;
            }
            if let Some(particle) = slash_particle(chunk) {
                words.push(Word { latin: particle, native: String::new(), parts: Vec::new(), role: Role::Particle });
                continue;
            }
            let initial = chunk.strip_suffix('.').is_some_and(|rest| rest.eq_ignore_ascii_case("b"));
            for piece in chunk.split(is_separator).filter(|piece| !piece.is_empty()) {
                let Some(mut word) = word(piece) else { continue };
                if degree {
                    word.role = Role::Title;
                } else if initial && !words.is_empty() {
                    word.role = Role::Particle;
                }
                words.push(word);
            }
        }
    }
    words.truncate(MAX_WORDS);
    settle_roles(&mut words);
    Folded { words }
}

impl Folded {
    /// The words that make the name: without particles and titles, unless it is made of nothing else.
    pub fn core(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| word.role == Role::Core)
    }

    /// Spellings with nothing between the words, as written and without particles and titles; in Latin letters and, where the name
    /// has one, in its own script. A space typed, forgotten or misplaced changes nothing here.
    pub fn run_together(&self) -> BTreeSet<String> {
        let raw: String = self.words.iter().map(|word| word.latin.as_str()).collect();
        let core: String = self.core().map(Word::joined).collect();
        let mut keys = BTreeSet::from([raw, core]);
        if self.words.iter().any(|word| !word.native.is_empty()) {
            keys.insert(self.words.iter().map(Word::own).collect());
            keys.insert(self.core().map(Word::own).collect());
        }
        keys.remove("");
        keys
    }

    /// One line of text, so that a stored row can be ranked and taken back out without folding again.
    pub fn encode(&self) -> String {
        let mut line = String::new();
        for word in &self.words {
            if !line.is_empty() {
                line.push(' ');
            }
            match word.role {
                Role::Core => {}
                Role::Particle => line.push('~'),
                Role::Title => line.push('^'),
            }
            line.push_str(&word.latin);
            if !word.native.is_empty() || !word.parts.is_empty() {
                line.push('|');
                line.push_str(&word.native);
            }
            if !word.parts.is_empty() {
                line.push('|');
                line.push_str(&word.parts.join("."));
            }
        }
        line
    }

    /// Reads what [`Folded::encode`] wrote.
    pub fn decode(line: &str) -> Self {
        let words = line.split(' ').filter(|word| !word.is_empty()).map(|word| {
            let (role, rest) = match word.as_bytes().first() {
                Some(b'~') => (Role::Particle, &word[1..]),
                Some(b'^') => (Role::Title, &word[1..]),
                _ => (Role::Core, word),
            };
            let mut fields = rest.split('|');
            let latin = fields.next().unwrap_or_default().to_owned();
            let native = fields.next().unwrap_or_default().to_owned();
            let parts = fields.next().map(|parts| parts.split('.').map(str::to_owned).collect()).unwrap_or_default();
            Word { latin, native, parts, role }
        });
        Self { words: words.collect() }
    }
}

impl Word {
    /// In its own script.
    pub fn own(&self) -> &str {
        if self.native.is_empty() { &self.latin } else { &self.native }
    }

    /// The parts run together (`abdurrahman` is `abdulrahman`), or the word.
    pub fn joined(&self) -> String {
        if self.parts.is_empty() { self.latin.clone() } else { self.parts.concat() }
    }

    /// How many syllables the word is cut into; 1 if none are known.
    pub fn length(&self) -> usize {
        self.parts.len().max(1)
    }

    /// Latin spellings under which the word is looked for, each with the syllables it stands for: the word, each run of neighbouring
    /// syllables, other readings of a family name's character, the Arabic word without its article.
    pub fn spellings(&self) -> Vec<(String, Range<usize>)> {
        let all = 0..self.length();
        let mut spellings = vec![(self.latin.clone(), all.clone())];
        let mut add = |spelling: String, of: Range<usize>| {
            if !spellings.iter().any(|(known, _)| *known == spelling) {
                spellings.push((spelling, of));
            }
        };
        let longest = if self.parts.len() > 5 { 1 } else { self.parts.len() };
        for from in 0..self.parts.len() {
            for to in from + 1..=self.parts.len().min(from + longest) {
                add(self.parts[from..to].concat(), from..to);
            }
        }
        if let Some(first) = self.native.chars().next() {
            for (_, readings) in READINGS.iter().filter(|(chars, _)| chars.contains(first)) {
                let rest: String = self.parts.iter().skip(1).map(String::as_str).collect();
                for reading in *readings {
                    add((*reading).to_owned(), 0..1);
                    add(format!("{reading}{rest}"), all.clone());
                }
            }
        }
        if let Some(bare) = self.without_article() {
            add(bare, all);
        }
        spellings
    }

    /// An Arabic word without its article, in Latin letters.
    pub fn without_article(&self) -> Option<String> {
        let bare = self.native.strip_prefix("ال").filter(|bare| bare.chars().count() >= 2)?;
        Some(latin(bare)).filter(|latin| !latin.is_empty())
    }
}

fn word(piece: &str) -> Option<Word> {
    let piece: String = piece.chars().take(MAX_WORD).collect();
    let mut latin = latin(&piece);
    if latin.is_empty() && piece.chars().any(char::is_alphabetic) {
        // Alef and ain alone have no Latin letter of their own.
        latin.push('a');
    }
    if latin.is_empty() {
        return None;
    }
    let native = if piece.chars().all(is_latin) { String::new() } else { native(&piece) };
    let parts = if native.chars().count() >= 2 && native.chars().all(is_syllable) {
        native.chars().map(|c| self::latin(c.encode_utf8(&mut [0; 4]))).filter(|part| !part.is_empty()).collect()
    } else {
        abdul(&latin)
    };
    let parts: Vec<String> = if parts.len() < 2 { Vec::new() } else { parts };
    Some(Word { latin, native, parts, role: Role::Core })
}

/// Latin letters of a word in any script (any_ascii), lower case, no apostrophes.
fn latin(piece: &str) -> String {
    // Vowel points are written by few, so they are read by none; shadda and its like go with them.
    let bare: String = piece.nfd().filter(|c| !is_vowel_point(*c)).nfc().collect();
    any_ascii::any_ascii(&bare).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(MAX_WORD).collect()
}

/// The word in its own script: lower case, without points and accents, one form of letters that keyboards write differently.
fn native(piece: &str) -> String {
    let folded = piece
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_vowel_point(*c) && !(200..=240).contains(&canonical_combining_class(*c)));
    folded
        .nfc()
        .map(|c| match c {
            'ς' => 'σ',
            'ك' => 'ک',
            'ي' | 'ى' => 'ی',
            'ة' => 'ه',
            _ => c,
        })
        .filter(|c| !is_ignored(*c))
        .collect()
}

/// `abdurrahman`, `abdelrahman`, `abdulrahman` as `abdul` and `rahman`; nothing for `abdullah`.
fn abdul(latin: &str) -> Vec<String> {
    let rest = ABDUL.iter().find_map(|(start, keep)| {
        let rest = latin.strip_prefix(start)?;
        if keep.is_empty() || rest.starts_with(keep) { Some(rest) } else { None }
    });
    match rest {
        Some(rest) if rest.len() >= 4 && !rest.starts_with("lah") && !rest.starts_with("llah") => vec!["abdul".to_owned(), rest.to_owned()],
        _ => Vec::new(),
    }
}

fn slash_particle(chunk: &str) -> Option<String> {
    let lower = chunk.trim_end_matches('.').to_ascii_lowercase();
    SLASH_PARTICLES.contains(&lower.as_str()).then(|| lower.replace('/', ""))
}

fn settle_roles(words: &mut [Word]) {
    let last = words.len().saturating_sub(1);
    for (at, word) in words.iter_mut().enumerate() {
        if word.role != Role::Core {
            continue;
        }
        let middle = at > 0 && at < last;
        if NATIVE_TITLES.contains(&word.native.as_str()) || (word.native.is_empty() && TITLES.contains(&word.latin.as_str())) {
            word.role = Role::Title;
        } else if PARTICLES.contains(&word.latin.as_str()) || (middle && MIDDLE_PARTICLES.contains(&word.latin.as_str())) {
            word.role = Role::Particle;
        }
    }
    // Made of particles alone, they are the name; made of titles alone, those are.
    if words.iter().all(|word| word.role != Role::Core || MIDDLE_PARTICLES.contains(&word.latin.as_str())) {
        words.iter_mut().filter(|word| word.role == Role::Particle).for_each(|word| word.role = Role::Core);
    }
    if words.iter().all(|word| word.role != Role::Core) {
        words.iter_mut().for_each(|word| word.role = Role::Core);
    }
}

fn is_separator(c: char) -> bool {
    !(c.is_alphanumeric() || canonical_combining_class(c) != 0 || is_spacing_mark(c))
}

/// Vowel signs of South and South-East Asian scripts (Mc and Mn of class 0) are part of the word, though no letters.
fn is_spacing_mark(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0DFF}' | '\u{0E30}'..='\u{0E4E}' | '\u{0EB0}'..='\u{0ECE}' | '\u{0F71}'..='\u{0FBC}' | '\u{102B}'..='\u{109D}' | '\u{1780}'..='\u{17D3}')
        && !matches!(c, '\u{0964}' | '\u{0965}' | '\u{0970}' | '\u{0DF4}')
}

/// Hebrew points and Arabic vowel signs.
fn is_vowel_point(c: char) -> bool {
    (10..=36).contains(&canonical_combining_class(c))
}

/// Characters that stand inside a word without being heard: joiners, direction marks, tatweel, all kinds of apostrophe.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '’' | '‘' | '‛' | '′' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | 'ʹ' | '＇' | '׳' | '״' | 'ـ' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
    )
}

fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{36F}' | '\u{1D00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}')
}

/// Han characters and Hangul syllables: each is one syllable and nothing divides them.
fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{20000}'..='\u{323AF}' | '々')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin_words(text: &str) -> Vec<String> {
        fold(text).words.into_iter().map(|word| word.latin).collect()
    }

    fn core(text: &str) -> Vec<String> {
        fold(text).core().map(|word| word.latin.clone()).collect()
    }

    #[test]
    fn one_name_written_several_ways_is_one_name() {
        for (a, b) in [
            ("Asma’u Yahaya", "ASMA'U  yahaya"),
            ("Sânziana Stănescu", "Sa\u{302}nziana Sta\u{306}nescu"),
            ("Niță", "NITA"),
            ("Farah Diana binti Abdullah", "Farah Diana bt. Abdullah"),
            ("Murugan a/l Subramaniam", "Murugan A/L Subramaniam"),
            ("Murugan a/l Subramaniam", "Murugan Subramaniam"),
            ("Ａｈｍａｄ", "Ahmad"),
            ("Dr. Zakhele Thuliswayo", "Zakhele Thuliswayo"),
            ("Lukita Prayoga, M.Pd", "Lukita Prayoga"),
            ("Khairul Anwar b. Hamid", "Khairul Anwar bin Hamid"),
            ("श्रेष्\u{200d}ठ", "श्रेष्ठ"),
            ("مُحَمَّد", "محمد"),
        ] {
            assert_eq!(core(a), core(b), "{a} and {b}");
        }
    }

    #[test]
    fn syllables_of_one_written_word_are_known() {
        let folded = fold("李文杰");
        assert_eq!(folded.words[0].latin, "liwenjie");
        assert_eq!(folded.words[0].parts, ["li", "wen", "jie"]);
        let spellings: Vec<String> = folded.words[0].spellings().into_iter().map(|(spelling, _)| spelling).collect();
        for spelling in ["li", "lee", "wenjie", "liwen", "liwenjie", "leewenjie"] {
            assert!(spellings.iter().any(|known| known == spelling), "{spelling}");
        }
        assert_eq!(fold("Abdurrahman").words[0].parts, ["abdul", "rahman"]);
        assert!(fold("Abdullahi").words[0].parts.is_empty());
        assert!(fold("الرشيد").words[0].spellings().contains(&("rshyd".to_owned(), 0..1)));
    }

    #[test]
    fn particles_alone_stay_a_name() {
        assert_eq!(core("Van Al"), ["van", "al"]);
        assert_eq!(core("Lê An"), ["le", "an"]);
        assert_eq!(core("Jade da Luz"), ["jade", "luz"]);
    }

    #[test]
    fn native_letters_lose_points_not_letters() {
        assert_eq!(fold("ΗΛΊΑΣ").words[0].native, fold("Ηλίας").words[0].native);
        assert_eq!(fold("メイ").words[0].native, "メイ");
        assert_eq!(fold("ガ").words[0].native, "ガ");
        assert_eq!(latin_words("कुमारी स्वाती"), ["kumari", "svati"]);
        assert_eq!(fold("สุขเดือน").words.len(), 1);
    }

    #[test]
    fn encoding_is_read_back() {
        for text in ["Farah binti Abdullah", "Dr. 李文杰 Abdurrahman", "الدكتورة سجى", "", "🤷 ' \" \0"] {
            let folded = fold(text);
            assert_eq!(Folded::decode(&folded.encode()), folded, "{text}");
        }
    }

    #[test]
    fn any_text_is_bounded() {
        let long = "अ".repeat(100_000);
        assert!(fold(&long).words[0].latin.len() <= 40);
        assert!(fold(&"a ".repeat(50_000)).words.len() <= 12);
        assert!(fold(&"\u{FDFA}".repeat(1000)).words.len() <= 12);
    }
}
