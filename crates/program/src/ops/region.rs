//! Parts of a picture or of the ground.

use super::entry;
use crate::frame::Frame;
use crate::operator::{Cost, Operator};
use crate::run::{Args, Outcome, Part, Run, missing};
use crate::types::{Gives, Preference, ScaleType, Signature, Takes, Type, UnitType};
use crate::value::{self, Datum};
use chronotope_reason::metric::solid::Solid;
use chronotope_world::catalogue::Entry;
use chronotope_world::{EvidenceKind, MissingKind, Quantity, ReferenceFrame, Table, Unit};

/// `region([left, top, width, height], in: auto)`.
pub struct Region;
/// `polygon([x, y, x, y, …], in: auto)`.
pub struct Polygon;
/// `line([x0, y0, x1, y1], in: auto)`.
pub struct Line;
/// `region_of(things, at: none)`: the box of the one thing in its picture, or its footprint.
pub struct RegionOf;
/// `area(region)`.
pub struct Area;

fn numbers(args: &Args<'_>) -> Vec<f64> {
    let number = |datum: &Datum| match datum {
        Datum::Number(number) => Some(number.value),
        _ => None,
    };
    args.list("numbers").iter().filter_map(number).collect()
}

/// The one frame of a region: of a stage only where one shot is named.
fn one(args: &Args<'_>) -> Part<ReferenceFrame> {
    match args.frame("in")? {
        Frame::One(frame) => Ok(frame),
        Frame::Stage(o) => Ok(ReferenceFrame::Image(o)),
        other => missing(MissingKind::Wording, format!("which camera's picture is meant: {other}")),
    }
}

fn listed(gives: Type) -> Signature {
    Signature::gives(Gives::Fixed(gives))
        .needs("numbers", Takes::List(Box::new(Takes::AnyNumber)))
        .reference_frame(Preference::Picture)
}

impl Operator for Region {
    fn entry(&self) -> Entry {
        let about = "a box of a picture or of the ground";
        entry("region", about, "program/src/ops/region.rs", "region([0, 0, 320, 240], in: image)")
    }

    fn signature(&self) -> Signature {
        listed(Type::Region)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let frame = one(args)?;
        match numbers(args).as_slice() {
            [x, y, w, h] if *w >= 0.0 && *h >= 0.0 => {
                Ok(Datum::Region(value::Region::rectangle(frame, *x, *y, *w, *h)))
            }
            _ => missing(MissingKind::Wording, "a region is [left, top, width, height]"),
        }
    }
}

impl Operator for Polygon {
    fn entry(&self) -> Entry {
        let about = "a polygon of a picture or of the ground";
        entry("polygon", about, "program/src/ops/region.rs", "polygon([0, 0, 4, 0, 4, 3], in: world)")
    }

    fn signature(&self) -> Signature {
        listed(Type::Region)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (reference_frame, numbers) = (one(args)?, numbers(args));
        if numbers.len() < 6 || numbers.len() % 2 != 0 {
            return missing(MissingKind::Wording, "a polygon is [x, y, …] of at least three points");
        }
        let points = numbers.chunks(2).map(|p| [p[0], p[1]]).collect();
        Ok(Datum::Region(value::Region { reference_frame, points }))
    }
}

impl Operator for Line {
    fn entry(&self) -> Entry {
        let about = "a stretch between two points";
        entry("line", about, "program/src/ops/region.rs", "line([0, 240, 640, 240], in: image)")
    }

    fn signature(&self) -> Signature {
        listed(Type::Line)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, _: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let reference_frame = one(args)?;
        match numbers(args).as_slice() {
            &[a, b, c, d] if [a, b] != [c, d] => {
                Ok(Datum::Line(value::Region { reference_frame, points: vec![[a, b], [c, d]] }))
            }
            _ => missing(MissingKind::Wording, "a line is [x0, y0, x1, y1] with two different ends"),
        }
    }
}

/// The part of a picture with these shares of its width and height.
fn share(run: &mut Run<'_>, args: &Args<'_>, [x, y, w, h]: [f64; 4]) -> Outcome {
    let frame = one(args)?;
    let (ReferenceFrame::Image(observer) | ReferenceFrame::Stage(observer, _)) = frame else {
        return missing(MissingKind::Wording, format!("{frame} has no halves: give a region"));
    };
    let Some([width, height]) = run.world.observer(observer).and_then(|o| o.picture_px) else {
        return missing(MissingKind::Pose, format!("the size of the picture of camera({})", observer.0));
    };
    run.cite_rows(EvidenceKind::Supports, Table::Observers, [observer.0]);
    let (width, height) = (f64::from(width), f64::from(height));
    Ok(Datum::Region(value::Region::rectangle(frame, x * width, y * height, w * width, h * height)))
}

macro_rules! shares {
    ($($(#[$doc:meta])* $name:ident $word:literal $about:literal $example:literal $share:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Operator for $name {
            fn entry(&self) -> Entry {
                entry($word, $about, "program/src/ops/region.rs", $example)
            }

            fn signature(&self) -> Signature {
                Signature::gives(Gives::Fixed(Type::Region)).reference_frame(Preference::Picture)
            }

            fn cost(&self) -> Cost {
                Cost::Constant
            }

            fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
                share(run, args, $share)
            }
        }
    )*};
}

shares! {
    /// `left_half(in: auto)`.
    LeftHalf "left-half" "the left half of the picture" "left_half()" [0.0, 0.0, 0.5, 1.0];
    /// `right_half(in: auto)`.
    RightHalf "right-half" "the right half of the picture" "right_half()" [0.5, 0.0, 0.5, 1.0];
    /// `top_half(in: auto)`.
    TopHalf "top-half" "the upper half of the picture" "top_half()" [0.0, 0.0, 1.0, 0.5];
    /// `bottom_half(in: auto)`.
    BottomHalf "bottom-half" "the lower half of the picture" "bottom_half()" [0.0, 0.5, 1.0, 0.5];
    /// `middle(in: auto)`: the middle third both ways.
    Middle "middle" "the middle third of the picture, both ways" "middle()" [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0];
}

/// `quarter("top left", in: auto)`.
pub struct Quarter;

impl Operator for Quarter {
    fn entry(&self) -> Entry {
        let about = "a quarter of the picture";
        entry("quarter", about, "program/src/ops/region.rs", "quarter(\"top left\")")
    }

    fn signature(&self) -> Signature {
        let words = Takes::Word(&["top left", "top right", "bottom left", "bottom right"]);
        Signature::gives(Gives::Fixed(Type::Region))
            .needs("which", words)
            .reference_frame(Preference::Picture)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let which = args.text("which");
        let x = if which.ends_with("right") { 0.5 } else { 0.0 };
        let y = if which.starts_with("bottom") { 0.5 } else { 0.0 };
        share(run, args, [x, y, 0.5, 0.5])
    }
}

impl Operator for RegionOf {
    fn entry(&self) -> Entry {
        let about = "the box of a thing in its picture, or its footprint";
        entry("region-of", about, "program/src/ops/region.rs", "region_of(all(\"rug\"))")
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Region))
            .needs("things", Takes::Things)
            .at()
            .reference_frame(Preference::Metric)
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let (thing, frame) = (args.thing("things")?, args.frame("in")?);
        let whole = run.record_span().into();
        let t = run.still_moment(thing, args.moment("at").map(|i| i.t), &whole)?;
        match run.solid(thing, &frame, t)? {
            (Solid::Rectangle(b), to) => {
                Ok(Datum::Region(value::Region::rectangle(to, b.left, b.top, b.width, b.height)))
            }
            (Solid::Box(b), to) => {
                // the floor of a box that stands upright: corners with the body's z at the bottom, in order round it
                let corners = b.corners();
                let points = [0, 1, 3, 2].map(|i| [corners[i].x, corners[i].y]).to_vec();
                Ok(Datum::Region(value::Region { reference_frame: to, points }))
            }
            (Solid::Point(_), _) => {
                let name = run.name_of(thing);
                missing(MissingKind::Pose, format!("the size of {name}: only its place is known"))
            }
        }
    }
}

impl Operator for Area {
    fn entry(&self) -> Entry {
        let example = "area(region_of(all(\"rug\")))";
        entry("area", "the area of a region", "program/src/ops/region.rs", example)
    }

    fn signature(&self) -> Signature {
        Signature::gives(Gives::Fixed(Type::Number(UnitType::length(2, 0, ScaleType::Data))))
            .needs("region", Takes::Region)
    }

    fn cost(&self) -> Cost {
        Cost::Constant
    }

    fn run(&self, run: &mut Run<'_>, args: &Args<'_>) -> Outcome {
        let region = args.region("region")?;
        let unit = Unit::powers(run.world.tables().scale_of(&region.reference_frame), 2, 0, 0);
        Ok(Datum::Number(Quantity::new(region.area(), unit, Some(region.reference_frame.clone()))))
    }
}
