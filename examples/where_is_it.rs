//! A World in five lines, and where its car is at times when nobody looked.
//!
//!     cargo run -p chronotope --example where_is_it

use std::error::Error;

use chronotope::world::{EntityId, Time, text};

const STREET: &str = "
world street m
car 1 in street gap 2       # up to 2 s between two sightings may be interpolated
  0: (0, 0, 0)
  2: (8, 0, 0)
  9: (8, 30, 0)
";

#[allow(clippy::print_stdout, reason = "an example talks")]
fn main() -> Result<(), Box<dyn Error>> {
    let world = text::parse(STREET)?;
    let car = world.trajectory(EntityId(1))?;
    for t_s in [0.0, 1.0, 2.0, 5.0] {
        match car.at(Time::from_s(t_s)).and_then(|moment| Some((moment.pose?.position, moment.how))) {
            Some(([x_m, y_m, _], how)) => println!("{t_s} s: ({x_m}, {y_m}) m, {how:?}"),
            None => println!("{t_s} s: not known"),
        }
    }
    Ok(())
}
