//! Sound keys: spellings that different people or romanisations give one name have one key.
//! A key is the word's consonants in a few classes, voiced and unvoiced together; vowels count only where little else is left.
//! Pure. Never the only reason to call two names the same: the ranking looks at the spelling again.

use super::words::SHORT_FORMS;

/// Longest key, in letters.
const MAX_KEY: usize = 10;
/// Most keys of one word; where a letter has two sounds the word has two keys.
const MAX_KEYS: usize = 4;

/// The keys of a Latin word as [`super::fold::fold`] gives it, the likeliest first, at least one for a word with a letter.
pub(crate) fn sound_keys(word: &str) -> Vec<String> {
    let word = SHORT_FORMS.iter().find(|(short, _)| *short == word).map_or(word, |(_, whole)| whole);
    let letters: Vec<u8> = word.bytes().filter(u8::is_ascii_lowercase).collect();
    if letters.is_empty() {
        return Vec::new();
    }
    let mut keys = vec![String::new()];
    let mut at = 0;
    while at < letters.len() {
        let (sounds, taken) = sound(&letters, at);
        let apart = at > 0 && is_vowel(letters[at - 1]);
        extend(&mut keys, sounds, apart);
        at += taken;
    }
    for key in &mut keys {
        if key.len() < 2 || (key.len() == 2 && key.starts_with('a')) {
            key.push_str(vowels(&letters));
        }
    }
    let mut unique = Vec::with_capacity(keys.len());
    for key in keys {
        if !unique.contains(&key) {
            unique.push(key);
        }
    }
    unique
}

/// Whether a word stands for a longer one, so that its spelling says nothing against that one.
pub(crate) fn is_short_form(word: &str) -> bool {
    SHORT_FORMS.iter().any(|(short, _)| *short == word)
}

/// The sounds the letters from `at` may have, and how many letters that takes.
fn sound(letters: &[u8], at: usize) -> (&'static [&'static str], usize) {
    let rest = &letters[at..];
    let next = rest.get(1).copied();
    let first = at == 0;
    for (spelled, sounds) in GROUPS {
        // No word of a European language begins so; transliterated Tamil does, and each letter is heard.
        if first && *spelled == "ck" {
            continue;
        }
        if rest.starts_with(spelled.as_bytes()) {
            return (sounds, spelled.len());
        }
    }
    let sounds: &'static [&'static str] = match rest[0] {
        b'a' | b'e' | b'i' | b'o' | b'u' => {
            if first {
                &["a"]
            } else {
                &[""]
            }
        }
        b'y' if first && next == Some(b'e') => &["y", "a"],
        // Arabic letter by letter: `ywsf` is Yusuf.
        b'y' if first && next == Some(b'w') => &["y"],
        b'y' if first && next.is_some_and(is_vowel) => &["y"],
        b'y' if first => &["a"],
        b'y' => &[""],
        b's' if next == Some(b'y') && rest.get(2).copied().is_some_and(is_vowel) => &["s"],
        b's' | b'z' => &["s"],
        b'c' if matches!(next, Some(b'e' | b'i' | b'y')) => &["s", "c"],
        b'c' => &["k", "c", "s"],
        b'j' => &["c"],
        b'q' => &["k", "c"],
        b'g' | b'k' => &["k"],
        b'x' if first => &["s"],
        b'x' => &["ks"],
        b'b' | b'p' => &["p"],
        b'd' | b't' => &["t"],
        b'f' | b'v' => &["f"],
        b'w' if first => &["f"],
        b'w' => &["", "f"],
        b'h' if !first && rest.len() == 1 => &[""],
        b'h' => &["h"],
        b'l' => &["l"],
        b'm' => &["m"],
        b'n' => &["n"],
        b'r' => &["r"],
        _ => &[""],
    };
    (sounds, 1)
}

/// Letters written together for one sound, longest first.
const GROUPS: &[(&str, &[&str])] = &[
    // Abdullah, however written, is a whole name, and not Abdul.
    ("dullah", &["tlh"]),
    ("dallah", &["tlh"]),
    ("dulla", &["tlh"]),
    ("dalla", &["tlh"]),
    ("tsch", &["c"]),
    ("sch", &["s"]),
    ("tch", &["c"]),
    ("ch", &["c", "k"]),
    ("cz", &["c"]),
    ("ck", &["k"]),
    ("zh", &["c"]),
    ("dj", &["c"]),
    ("dz", &["c", "s"]),
    ("tz", &["s"]),
    ("ts", &["s"]),
    ("sz", &["s"]),
    ("sh", &["s"]),
    ("ph", &["f", "p"]),
    ("kh", &["k"]),
    ("gh", &["k"]),
    ("th", &["t"]),
    ("dh", &["t"]),
    ("bh", &["p"]),
    ("vh", &["f"]),
    ("wh", &["f"]),
    ("rh", &["r"]),
    ("nh", &["n"]),
];

/// Adds one of the sounds to each key. A sound is not doubled, unless a vowel stands between (`apart`).
fn extend(keys: &mut Vec<String>, sounds: &[&str], apart: bool) {
    let before = keys.len();
    for sound in &sounds[1..] {
        for at in 0..before {
            if keys.len() < MAX_KEYS {
                let mut other = keys[at].clone();
                push(&mut other, sound, apart);
                keys.push(other);
            }
        }
    }
    for key in &mut keys[..before] {
        push(key, sounds[0], apart);
    }
}

fn push(key: &mut String, sound: &str, apart: bool) {
    if key.len() < MAX_KEY && (apart || !key.ends_with(sound)) {
        key.push_str(sound);
    }
}

/// One letter for the vowels of a short word: `lee` and `li`, `goh` and `go`, `wu` and `woo` are the same, `lee` and `low` are not.
fn vowels(letters: &[u8]) -> &'static str {
    let skip = usize::from(!letters.is_empty() && !is_vowel(letters[0]));
    let rest: Vec<u8> = letters[skip..].iter().copied().filter(|c| is_vowel(*c) || matches!(c, b'w' | b'y')).collect();
    match rest.as_slice() {
        [] => "",
        [b'o', b'o', ..] | [b'o', b'u', ..] | [b'e', b'u', ..] | [b'u', ..] => "u",
        [b'e', b'e', ..] | [b'e', b'i', ..] | [b'i', ..] | [b'y', ..] | [b'e', b'a', ..] => "i",
        [b'a', b'i', ..] | [b'a', b'y', ..] | [b'e', ..] => "e",
        [b'a', ..] => "a",
        _ => "o",
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        let b = sound_keys(b);
        sound_keys(a).iter().any(|key| b.contains(key))
    }

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for (a, b) in [
            ("mohammed", "muhammad"),
            ("mohd", "mohamad"),
            ("mhmd", "muhammad"),
            ("siti", "sitti"),
            ("lee", "li"),
            ("syarifah", "sharifa"),
            ("yusof", "yusuf"),
            ("yousef", "yusuf"),
            ("fatimah", "fatema"),
            ("khadijah", "kadija"),
            ("philip", "filip"),
            ("evgeniya", "yevgenia"),
            ("kirn", "kiran"),
            ("cvhan", "chavan"),
            ("cktivel", "sakthivel"),
            ("utykumar", "udayakumar"),
            ("gim", "kim"),
            ("zhang", "chang"),
            ("sasown", "sasun"),
            ("anwar", "anuar"),
            ("noor", "nur"),
            ("aisha", "ayesha"),
            ("tengku", "tunku"),
        ] {
            assert!(alike(a, b), "{a} {:?}, {b} {:?}", sound_keys(a), sound_keys(b));
        }
    }

    #[test]
    fn different_names_sound_different() {
        for (a, b) in [("lee", "low"), ("tan", "lim"), ("ahmad", "muhammad"), ("siti", "nur"), ("wong", "lim"), ("abdullah", "abdul")] {
            assert!(!alike(a, b), "{a} {:?}, {b} {:?}", sound_keys(a), sound_keys(b));
        }
    }

    #[test]
    fn keys_are_few_and_short() {
        for word in ["cwcwcwcwcwcwcwcw", "chchchchch", "a", "1", "", "wwwwwwww"] {
            let keys = sound_keys(word);
            assert!(keys.len() <= 4 && keys.iter().all(|key| key.len() <= 12), "{word} {keys:?}");
        }
    }
}
