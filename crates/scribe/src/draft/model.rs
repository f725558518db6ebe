//! A linear model as a small text file: features in, one score a class out. Loading, scoring and deterministic training.
//!
//! Must never learn at a desk: training is a command in the repository over public data.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// Features of one example, with their values.
pub type Features = Vec<(String, f32)>;

/// Weights of a multinomial logistic regression.
#[derive(Debug, Clone)]
pub struct Linear {
    pub classes: Vec<String>,
    weights: HashMap<String, Vec<(u8, f32)>>,
    /// How rare each feature is; when there are any, feature vectors are scaled by them and brought to length one.
    rarity: HashMap<String, f32>,
}

/// One training example. `targets` are shares of each class and need not sum to one for a single-class model.
pub struct Example {
    pub features: Features,
    pub targets: Vec<f32>,
    pub weight: f32,
    /// The conversation it comes from: a feature must be met in several.
    pub group: usize,
}

/// How a model is trained.
#[derive(Debug, Clone, Copy)]
pub struct Training {
    pub epochs: usize,
    pub rate: f32,
    pub decay: f32,
    /// Features met in fewer conversations are not kept.
    pub min_count: usize,
    /// Weights nearer to zero are not kept.
    pub prune: f32,
}

/// Weights are stored as whole hundredths.
const SCALE: f32 = 100.0;

impl Linear {
    /// Reads the text form. Lines that are not of it are passed over: the file is part of the program, a test reads it whole.
    pub fn parse(text: &str) -> Linear {
        let mut lines = text.lines().filter(|l| !l.starts_with('#'));
        let classes: Vec<String> = lines.next().unwrap_or("").split('\t').map(str::to_owned).collect();
        let mut weights = HashMap::new();
        let mut rarity = HashMap::new();
        for line in lines {
            let mut parts = line.split('\t');
            let (Some(name), Some(cells)) = (parts.next(), parts.next()) else { continue };
            let row = cells.split(' ').filter_map(|cell| {
                let (class, value) = cell.split_once(':')?;
                Some((class.parse().ok()?, value.parse::<f32>().ok()? / SCALE))
            });
            weights.insert(name.to_owned(), row.collect());
            if let Some(value) = parts.next().and_then(|r| r.parse::<f32>().ok()) {
                rarity.insert(name.to_owned(), value / SCALE);
            }
        }
        Linear { classes, weights, rarity }
    }

    /// Raw score of each class.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        let mut out = vec![0.0; self.classes.len()];
        let scale =
            |name: &str, value: f32| if self.rarity.is_empty() { value } else { value * self.rarity.get(name).copied().unwrap_or(0.0) };
        let length =
            if self.rarity.is_empty() { 1.0 } else { features.iter().map(|(n, v)| scale(n, *v).powi(2)).sum::<f32>().sqrt().max(1e-6) };
        for (name, value) in features {
            let value = scale(name, *value) / length;
            for (class, weight) in self.weights.get(name).into_iter().flatten() {
                if let Some(score) = out.get_mut(usize::from(*class)) {
                    *score += weight * value;
                }
            }
        }
        out
    }

    /// Probability of each class; for a single class, of yes.
    pub fn probabilities(&self, features: &Features) -> Vec<f32> {
        normalise(self.scores(features))
    }

    /// The text form that [`Linear::parse`] reads, in a fixed order.
    pub fn to_text(&self, header: &str) -> String {
        let mut out = String::new();
        for line in header.lines() {
            let _ = writeln!(out, "# {line}");
        }
        let _ = writeln!(out, "{}", self.classes.join("\t"));
        let sorted: BTreeMap<_, _> = self.weights.iter().collect();
        for (name, row) in sorted {
            let cells: Vec<String> = row
                .iter()
                .map(|(class, weight)| (class, (weight * SCALE).round()))
                .filter(|(_, w)| *w != 0.0)
                .map(|(class, w)| format!("{class}:{w}"))
                .collect();
            match self.rarity.get(name) {
                Some(rarity) => {
                    let _ = writeln!(out, "{name}\t{}\t{:.0}", cells.join(" "), rarity * SCALE);
                }
                None if !cells.is_empty() => {
                    let _ = writeln!(out, "{name}\t{}", cells.join(" "));
                }
                None => {}
            }
        }
        out
    }
}

fn normalise(scores: Vec<f32>) -> Vec<f32> {
    if let [score] = scores[..] {
        return vec![1.0 / (1.0 + (-score).exp())];
    }
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = scores.iter().map(|s| (s - top).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

/// Examples as rows of feature numbers, with the names kept and their rarity.
struct Matrix<'a> {
    names: Vec<&'a str>,
    rarity: Vec<f32>,
    rows: Vec<Vec<(usize, f32)>>,
}

fn matrix(examples: &[Example], min_count: usize, scaled: bool) -> Matrix<'_> {
    let mut groups: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for example in examples {
        for (name, _) in &example.features {
            groups.entry(name).or_default().insert(example.group);
        }
    }
    let all = groups.values().flatten().collect::<BTreeSet<_>>().len().max(1) as f32;
    let names: Vec<&str> = groups.iter().filter(|g| g.1.len() >= min_count).map(|g| *g.0).collect();
    let rarity: Vec<f32> = names.iter().map(|n| (all / groups[n].len() as f32).ln() + 1.0).collect();
    let ids: HashMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let mut rows: Vec<Vec<(usize, f32)>> =
        examples.iter().map(|e| e.features.iter().filter_map(|(n, v)| Some((*ids.get(n.as_str())?, *v))).collect()).collect();
    if scaled {
        for row in &mut rows {
            row.iter_mut().for_each(|(id, value)| *value *= rarity[*id]);
            let length = row.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(1e-6);
            row.iter_mut().for_each(|(_, value)| *value /= length);
        }
    }
    Matrix { names, rarity, rows }
}

/// A fixed order that looks shuffled, the next one each time.
fn shuffle(order: &mut [usize], state: &mut u64) {
    for i in (1..order.len()).rev() {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (*state >> 33) as usize % (i + 1));
    }
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// Trains multinomial logistic regression by AdaGrad in a fixed shuffled order: the same examples give the same bytes.
pub fn train(classes: &[&str], examples: &[Example], how: Training) -> Linear {
    let Matrix { names, rows, .. } = matrix(examples, how.min_count, false);
    let k = classes.len();
    let mut weights = vec![0f32; names.len() * k];
    let mut squares = vec![1e-6f32; names.len() * k];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = SEED;
    for _ in 0..how.epochs {
        shuffle(&mut order, &mut state);
        for &i in &order {
            let mut scores = vec![0f32; k];
            for &(id, value) in &rows[i] {
                for (class, score) in scores.iter_mut().enumerate() {
                    *score += weights[id * k + class] * value;
                }
            }
            let guess = normalise(scores);
            for (class, p) in guess.iter().enumerate() {
                let error = (p - examples[i].targets[class]) * examples[i].weight;
                for &(id, value) in &rows[i] {
                    let at = id * k + class;
                    let gradient = error * value + how.decay * weights[at];
                    squares[at] += gradient * gradient;
                    weights[at] -= how.rate * gradient / squares[at].sqrt();
                }
            }
        }
    }
    Linear {
        weights: keep(&names, &weights, k, how.prune),
        rarity: HashMap::new(),
        classes: classes.iter().map(|c| (*c).to_owned()).collect(),
    }
}

/// Trains one support vector machine a class by dual coordinate descent (Hsieh and others, 2008, L2 loss) on features scaled by rarity.
/// Every class weighs the same however rare it is. `cost` is the usual C, `sharpness` turns margins into scores for probabilities.
pub fn train_margins(classes: &[&str], examples: &[Example], how: Training, cost: f32, sharpness: f32) -> Linear {
    let Matrix { names, rarity, rows } = matrix(examples, how.min_count, true);
    let k = classes.len();
    let label: Vec<usize> =
        examples.iter().map(|e| (0..k).max_by(|&a, &b| e.targets[a].total_cmp(&e.targets[b]).then(b.cmp(&a))).unwrap_or(0)).collect();
    let mut counts = vec![0usize; k];
    label.iter().for_each(|l| counts[*l] += 1);
    let present = counts.iter().filter(|c| **c > 0).count().max(1);
    let size = |l: usize| examples.len() as f32 / (present * counts[l].max(1)) as f32;
    let mut weights = vec![0f32; names.len() * k];
    let squares: Vec<f32> = rows.iter().map(|r| r.iter().map(|(_, v)| v * v).sum()).collect();
    for class in 0..k {
        let mut own = vec![0f32; names.len()];
        let mut alpha = vec![0f32; rows.len()];
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let mut state = SEED;
        for _ in 0..how.epochs {
            shuffle(&mut order, &mut state);
            for &i in &order {
                let y = if label[i] == class { 1.0 } else { -1.0 };
                let soft = 1.0 / (2.0 * cost * size(label[i]));
                let margin: f32 = rows[i].iter().map(|&(id, v)| own[id] * v).sum();
                let gradient = y * margin - 1.0 + soft * alpha[i];
                let next = (alpha[i] - gradient / (squares[i] + soft)).max(0.0);
                let step = (next - alpha[i]) * y;
                alpha[i] = next;
                if step != 0.0 {
                    rows[i].iter().for_each(|&(id, v)| own[id] += step * v);
                }
            }
        }
        for (id, w) in own.iter().enumerate() {
            weights[id * k + class] = w * sharpness;
        }
    }
    Linear {
        weights: keep(&names, &weights, k, how.prune),
        rarity: names.iter().map(|n| (*n).to_owned()).zip(rarity).collect(),
        classes: classes.iter().map(|c| (*c).to_owned()).collect(),
    }
}

/// The weights worth keeping, by feature.
fn keep(names: &[&str], weights: &[f32], k: usize, prune: f32) -> HashMap<String, Vec<(u8, f32)>> {
    names
        .iter()
        .enumerate()
        .map(|(id, name)| {
            let row = (0..k)
                .filter_map(|class| Some((u8::try_from(class).ok()?, weights[id * k + class])))
                .filter(|(_, w)| w.abs() >= prune)
                .collect();
            ((*name).to_owned(), row)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(words: &[&str], class: usize) -> Example {
        let mut targets = vec![0.0; 2];
        targets[class] = 1.0;
        Example { features: words.iter().map(|w| ((*w).to_owned(), 1.0)).collect(), targets, weight: 1.0, group: 0 }
    }

    #[test]
    fn margins_separate_rare_classes_too_and_survive_the_file() {
        let mut examples: Vec<Example> = (0..20).map(|_| example(&["pain", "the"], 0)).collect();
        examples.push(example(&["takes", "the"], 1));
        let how = Training { epochs: 20, rate: 0.0, decay: 0.0, min_count: 1, prune: 0.0 };
        let text = train_margins(&["symptom", "drug"], &examples, how, 0.5, 4.0).to_text("note");
        let p = Linear::parse(&text).probabilities(&vec![("takes".into(), 1.0), ("the".into(), 1.0)]);
        assert!(p[1] > 0.8, "{p:?}");
    }

    #[test]
    fn training_separates_is_repeatable_and_survives_the_file() {
        let examples =
            [example(&["pain", "the"], 0), example(&["takes", "the"], 1), example(&["pain", "bad"], 0), example(&["takes", "daily"], 1)];
        let how = Training { epochs: 20, rate: 0.3, decay: 0.0, min_count: 1, prune: 0.0 };
        let text = train(&["symptom", "drug"], &examples, how).to_text("note");
        assert_eq!(text, train(&["symptom", "drug"], &examples, how).to_text("note"));
        let model = Linear::parse(&text);
        assert_eq!(model.classes, ["symptom", "drug"]);
        let p = model.probabilities(&vec![("pain".into(), 1.0)]);
        assert!(p[0] > 0.8 && (p[0] + p[1] - 1.0).abs() < 1e-5);
    }
}
