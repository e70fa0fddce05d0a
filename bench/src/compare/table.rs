//! What people read.

use crate::meter::Figures;

/// What a figure must reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// Mynah by floor.
    RatioAtLeast(f64),
    /// Mynah by floor.
    RatioAtMost(f64),
    /// Mynah itself, in the unit of its row.
    AtMost(f64),
}

/// A figure of floor and Mynah.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) figure: String,
    pub(super) unit: &'static str,
    pub(super) floor: Option<f64>,
    pub(super) mynah: f64,
    pub(super) ratio: Option<f64>,
    pub(super) target: Option<Target>,
}

impl Row {
    fn met(&self) -> Option<bool> {
        Some(match self.target? {
            Target::RatioAtLeast(least) => self.ratio? >= least,
            Target::RatioAtMost(most) => self.ratio? <= most,
            Target::AtMost(most) => self.mynah <= most,
        })
    }
}

#[derive(Debug, Default)]
pub(super) struct Table(Vec<Row>);

impl Table {
    pub(super) fn add(&mut self, row: Row) {
        self.0.push(row);
    }

    /// Operations a second.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn speed(&mut self, figure: &str, rounds: &[[Figures; 2]], least: Option<f64>) {
        let speed = |figures: &Figures| figures.calls as f64 / figures.wall_s;
        let target = least.map(Target::RatioAtLeast);
        self.compare(figure, "/s", rounds, speed, target);
    }

    /// CPU time of an operation.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn cpu(&mut self, figure: &str, rounds: &[[Figures; 2]], most: Option<f64>) {
        let cpu = |figures: &Figures| figures.cpu_s * 1e6 / figures.calls as f64;
        let target = most.map(Target::RatioAtMost);
        self.compare(figure, "µs", rounds, cpu, target);
    }

    /// The ratio is the median of the rounds' ratios: what disturbs the machine
    /// for a while then disturbs both sides of it.
    fn compare(
        &mut self,
        figure: &str,
        unit: &'static str,
        rounds: &[[Figures; 2]],
        of: impl Fn(&Figures) -> f64,
        target: Option<Target>,
    ) {
        self.add(Row {
            figure: figure.to_owned(),
            unit,
            floor: Some(median(rounds.iter().map(|[floor, _]| of(floor)))),
            mynah: median(rounds.iter().map(|[_, mynah]| of(mynah))),
            ratio: Some(median(
                rounds.iter().map(|[floor, mynah]| of(mynah) / of(floor)),
            )),
            target,
        });
    }

    /// Memory of floor and Mynah.
    pub(super) fn memory(&mut self, figure: &str, sizes: &[f64], unit: &'static str, most: f64) {
        if let [floor, mynah] = *sizes {
            self.add(Row {
                figure: figure.to_owned(),
                unit,
                floor: Some(floor),
                mynah,
                ratio: Some(mynah / floor),
                target: Some(Target::AtMost(most)),
            });
        }
    }

    pub(super) fn print(&self) {
        let columns = ["", "floor", "mynah", "", "ratio", "target", ""];
        eprintln!("{}", line(&columns.map(str::to_owned)));
        for row in &self.0 {
            let number = |number: Option<f64>| number.map_or(String::new(), digits);
            let target = match row.target {
                Some(Target::RatioAtLeast(least)) => format!("≥ {least}"),
                Some(Target::RatioAtMost(most)) => format!("≤ {most}"),
                Some(Target::AtMost(most)) => format!("≤ {most} {}", row.unit),
                None => String::new(),
            };
            let met = row
                .met()
                .map_or("", |met| if met { "met" } else { "MISSED" });
            eprintln!(
                "{}",
                line(&[
                    row.figure.clone(),
                    number(row.floor),
                    digits(row.mynah),
                    row.unit.to_owned(),
                    row.ratio
                        .map_or(String::new(), |ratio| format!("{ratio:.2}")),
                    target,
                    met.to_owned(),
                ])
            );
        }
    }
}

fn line([figure, floor, mynah, unit, ratio, target, met]: &[String; 7]) -> String {
    format!("{figure:44} {floor:>10} {mynah:>10} {unit:3} {ratio:>6} {target:>9} {met}")
}

/// Three digits that mean something.
fn digits(number: f64) -> String {
    match number {
        number if number >= 100.0 => format!("{number:.0}"),
        number if number >= 10.0 => format!("{number:.1}"),
        number => format!("{number:.2}"),
    }
}

pub(super) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ratio: f64, target: Target) -> Row {
        Row {
            figure: "a".to_owned(),
            unit: "KiB",
            floor: Some(1.0),
            mynah: 9.0,
            ratio: Some(ratio),
            target: Some(target),
        }
    }

    #[test]
    fn a_target_is_met_or_missed() {
        assert_eq!(row(0.9, Target::RatioAtLeast(0.9)).met(), Some(true));
        assert_eq!(row(0.89, Target::RatioAtLeast(0.9)).met(), Some(false));
        assert_eq!(row(1.2, Target::RatioAtMost(1.15)).met(), Some(false));
        assert_eq!(row(9.0, Target::AtMost(10.0)).met(), Some(true));
        assert_eq!(row(9.0, Target::AtMost(8.0)).met(), Some(false));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }
}
