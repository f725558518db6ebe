//! Word lists of the name search: what people leave out of a name, and what they write for one another.
//! Sources: Malaysian, Arab, South Asian, European and East Asian naming custom; own work. Folded spelling throughout.

/// Left out wherever they stand; with the slips of the most typed ones.
pub(super) const PARTICLES: &[&str] =
    &["bin", "binti", "binte", "bint", "bt", "bte", "ibn", "ibni", "anak", "al", "bni", "bitni", "bniti", "binit", "ibnti"];

/// With a slash: son of, daughter of, wife of, care of.
pub(super) const SLASH_PARTICLES: &[&str] = &["a/l", "a/p", "s/o", "d/o", "w/o", "c/o", "a/k", "p/a", "l/a"];

/// Left out only between two other words; elsewhere they are names of their own (Lê, Đỗ, Van).
pub(super) const MIDDLE_PARTICLES: &[&str] = &[
    "van", "von", "de", "del", "della", "da", "das", "do", "dos", "di", "du", "la", "le", "el", "der", "den", "ter", "zu", "y", "e", "ak",
    "ap", "ben", "bat", "ul", "ud", "ur",
];

pub(super) const TITLES: &[&str] = &[
    "dr", "mr", "mrs", "ms", "miss", "mdm", "madam", "mme", "mlle", "prof", "rev", "haji", "hajah", "hajjah", "hj", "hjh", "datuk", "dato",
    "datin", "puan", "encik", "ir", "lic", "ing", "dra", "drs", "drg", "sra", "herr", "frau", "pani", "yrd", "doc", "phd", "jr",
    "mnumzane",
];

/// Arabic, Persian, Hindi, Marathi, Gujarati, Odia, Ukrainian; as the fold writes native words.
pub(super) const NATIVE_TITLES: &[&str] = &[
    "الدکتور",
    "الدکتوره",
    "الاستاذ",
    "الاستاذه",
    "المهندس",
    "المهندسه",
    "السید",
    "السیده",
    "الانسه",
    "دکتر",
    "श्री",
    "श्रीमती",
    "कुमारी",
    "सुश्री",
    "શ્રી",
    "શ્રીમતી",
    "કુમારી",
    "ଶ୍ରୀ",
    "ଶ୍ରୀମତୀ",
    "ଶ୍ରୀମାନ",
    "ସୁଶ୍ରୀ",
    "କୁମାରୀ",
    "пані",
    "пан",
];

/// Starts of `Abd al-` names, and what the rest must start with so that no other name is cut.
pub(super) const ABDUL: &[(&str, &str)] = &[
    ("abdul", ""),
    ("abdel", ""),
    ("abdal", ""),
    ("abdoul", ""),
    ("abdur", "r"),
    ("abdus", "s"),
    ("abdun", "n"),
    ("abduz", "z"),
    ("abdu", "rahm"),
    ("abder", "r"),
    ("abdes", "s"),
];

/// Short forms that stand for a whole name, and spellings that no rule of sound brings together.
pub(super) const SHORT_FORMS: &[(&str, &str)] = &[
    ("mohd", "muhammad"),
    ("muhd", "muhammad"),
    ("mhd", "muhammad"),
    ("md", "muhammad"),
    ("mohmd", "muhammad"),
    ("moh", "muhammad"),
    ("abd", "abdul"),
    ("abdur", "abdul"),
    ("abdus", "abdul"),
    ("tg", "tengku"),
    ("tgku", "tengku"),
    ("st", "siti"),
    ("sharipah", "sharifah"),
    ("jusoh", "yusof"),
];

/// Readings of a family name's first character beside the standard one: Hokkien, Cantonese, Hakka, Teochew and Korean spellings.
pub(super) const READINGS: &[(&str, &[&str])] = &[
    ("陈陳", &["tan", "chan", "chin"]),
    ("林", &["lim", "lam"]),
    ("黄黃", &["wong", "ng", "ooi", "wee"]),
    ("李", &["lee"]),
    ("张張", &["teoh", "chong", "cheung", "teo", "chang"]),
    ("王", &["ong", "heng"]),
    ("吴吳", &["goh", "ng", "go"]),
    ("刘劉", &["low", "lau", "liew"]),
    ("蔡", &["chua", "choy", "chai", "choi"]),
    ("杨楊", &["yeoh", "yong", "yeo", "yeung"]),
    ("许許", &["koh", "khor", "hui"]),
    ("郑鄭", &["tay", "teh", "cheng"]),
    ("谢謝", &["cheah", "chia", "tse"]),
    ("邱", &["khoo", "hew", "yau"]),
    ("周", &["chew", "chow", "chiew"]),
    ("叶葉", &["yap", "yip", "ip"]),
    ("曾", &["chan", "tsang"]),
    ("何", &["ho", "hoe"]),
    ("郭", &["kuek", "quek", "kwok"]),
    ("洪", &["ang", "hung"]),
    ("沈", &["sim", "shum"]),
    ("徐", &["chee", "tsui", "chui"]),
    ("胡", &["foo", "oh", "woo"]),
    ("罗羅", &["lo", "loh", "law"]),
    ("梁", &["leong", "leung", "neo"]),
    ("朱", &["choo", "chu"]),
    ("潘", &["phua", "poon", "pun"]),
    ("赵趙", &["chew", "chio", "chiu"]),
    ("彭", &["phang", "pang"]),
    ("钟鍾", &["cheong", "chung"]),
    ("傅", &["poh", "foo"]),
    ("孙孫", &["soon", "sng", "suen"]),
    ("高", &["ko", "koh"]),
    ("冯馮", &["fong", "fung"]),
    ("이", &["lee", "yi", "rhee"]),
    ("김", &["kim"]),
    ("박", &["park", "pak", "bak"]),
    ("최", &["choi"]),
    ("정", &["jung", "chung"]),
    ("조", &["cho"]),
    ("강", &["kang"]),
    ("임", &["lim", "rim"]),
    ("유류", &["yoo", "ryu", "yu"]),
    ("노", &["noh", "roh"]),
    ("오", &["oh"]),
    ("우", &["woo"]),
    ("안", &["ahn"]),
    ("신", &["shin"]),
    ("권", &["kwon"]),
];
