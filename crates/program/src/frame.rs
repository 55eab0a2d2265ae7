//! Which reference frame an `in:` means in a World.

use crate::ops::events::is_camera_motion;
use crate::types::{Preference, ScaleType};
use chronotope_reason::metric::frames::Frames;
use chronotope_world::{
    Missing, MissingKind, ObserverId, ObserverKind, Reference, ReferenceFrame, Scale, Time, World,
};
use std::collections::BTreeSet;
use std::fmt;

/// A frame that a program names, resolved against a World.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// One frame.
    One(ReferenceFrame),
    /// The pictures of a camera with its motion removed, each shot in its own frame.
    Stage(ObserverId),
    /// The picture of whichever camera sees the thing.
    AnyImage,
    /// The World has none, or several, of what was asked.
    Absent(Missing),
}

impl fmt::Display for Frame {
    /// As the language writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Frame::One(ReferenceFrame::World(name)) => write!(f, "world(\"{name}\")"),
            Frame::One(frame) => write!(f, "{frame}"),
            Frame::Stage(observer) => write!(f, "stage({})", observer.0),
            Frame::AnyImage => f.write_str("image"),
            Frame::Absent(_) => f.write_str("auto"),
        }
    }
}

impl Frame {
    /// What a length in it measures.
    pub fn scale(&self, world: &World) -> Option<Scale> {
        match self {
            Frame::One(frame) => Some(world.tables().scale_of(frame)),
            Frame::Stage(_) | Frame::AnyImage => Some(Scale::Pixel),
            Frame::Absent(_) => None,
        }
    }

    /// Its scale as the types see it: pictures are pixels by name, metric worlds are metres where they are named.
    pub fn scale_type(&self, world: &World, written: bool) -> ScaleType {
        match self.scale(world) {
            Some(scale @ (Scale::Pixel | Scale::Metre)) if written => ScaleType::Written(scale),
            _ => ScaleType::Data,
        }
    }

    /// The frame of coordinates at a time, for a thing seen through a camera.
    ///
    /// # Errors
    /// What is missing where there is none.
    pub fn at(
        &self,
        frames: &Frames,
        observer: Option<ObserverId>,
        t: Time,
    ) -> Result<ReferenceFrame, Missing> {
        match self {
            Frame::One(frame) => Ok(frame.clone()),
            Frame::Stage(camera) => frames.stage_at(*camera, t).ok_or_else(|| {
                Missing::new(MissingKind::Transform, format!("no stage of camera({}) at {t} s", camera.0))
            }),
            Frame::AnyImage => observer
                .map(ReferenceFrame::Image)
                .ok_or_else(|| Missing::new(MissingKind::Transform, format!("no camera shows it at {t} s"))),
            Frame::Absent(missing) => Err(missing.clone()),
        }
    }

    /// The one frame, where it is one.
    pub fn one(&self) -> Option<&ReferenceFrame> {
        match self {
            Frame::One(frame) => Some(frame),
            _ => None,
        }
    }
}

/// The frames that a World offers, kind by kind.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    metric_worlds: Vec<ReferenceFrame>,
    own_worlds: Vec<ReferenceFrame>,
    cameras: Vec<ReferenceFrame>,
    images: Vec<ObserverId>,
    stages: BTreeSet<ObserverId>,
    /// Cameras that are known to stand still.
    still: BTreeSet<ObserverId>,
}

impl Offer {
    /// Reads the frames in use, and whether there are boxes and poses at all.
    pub fn of(world: &World) -> Offer {
        let mut offer = Offer { still: still(world), ..Offer::default() };
        let boxes = world.store().bounds().iter().any(|b| b.box_px.is_some());
        for row in &world.tables().reference_frames {
            match &row.reference_frame {
                frame @ ReferenceFrame::World(_) if row.scale == Scale::Metre => {
                    offer.metric_worlds.push(frame.clone());
                }
                frame @ ReferenceFrame::World(_) => offer.own_worlds.push(frame.clone()),
                frame @ ReferenceFrame::Camera(_) => offer.cameras.push(frame.clone()),
                ReferenceFrame::Stage(observer, _) => {
                    offer.stages.insert(*observer);
                }
                _ => {}
            }
        }
        if boxes {
            let cameras = world.tables().observers.iter().filter(|o| o.kind == ObserverKind::Camera);
            offer.images = cameras.map(|o| o.id).collect();
        }
        if world.store().bounds().iter().all(|b| b.space.is_none()) {
            // only what boxes can reach is of use
            let frames = Frames::new(world);
            let reached: BTreeSet<ReferenceFrame> =
                offer.images.iter().flat_map(|&o| frames.reachable(&ReferenceFrame::Image(o))).collect();
            offer.metric_worlds.retain(|f| reached.contains(f));
            offer.own_worlds.retain(|f| reached.contains(f));
            offer.cameras.retain(|f| reached.contains(f));
        }
        offer
    }

    fn several(what: &str, frames: &[ReferenceFrame]) -> Frame {
        let names: Vec<String> = frames.iter().map(|f| Frame::One(f.clone()).to_string()).collect();
        let words = format!("which {what} is meant: {}", names.join(" or "));
        Frame::Absent(Missing::new(MissingKind::Wording, words).hint("say it with in:"))
    }

    fn none(what: &str) -> Frame {
        let hint =
            if what == "world" { "watch --ground CALIBRATION.json" } else { "say another frame with in:" };
        Frame::Absent(Missing::new(MissingKind::Transform, format!("no transform to a {what}")).hint(hint))
    }

    /// `world`.
    pub fn world(&self) -> Frame {
        match (self.metric_worlds.as_slice(), self.own_worlds.as_slice()) {
            ([one], _) | ([], [one]) => Frame::One(one.clone()),
            ([], []) => Offer::none("world"),
            ([], several) | (several, _) => Offer::several("world", several),
        }
    }

    /// `camera`.
    pub fn camera(&self) -> Frame {
        match self.cameras.as_slice() {
            [one] => Frame::One(one.clone()),
            [] => Offer::none("camera"),
            several => Offer::several("camera", several),
        }
    }

    /// `image`.
    pub fn image(&self) -> Frame {
        match self.images.as_slice() {
            [] => Offer::none("picture"),
            [one] => Frame::One(ReferenceFrame::Image(*one)),
            _ => Frame::AnyImage,
        }
    }

    /// `stage`: the picture itself where no camera motion is known.
    pub fn stage(&self) -> Frame {
        let mut stages = self.stages.iter();
        match (stages.next(), stages.next()) {
            (Some(one), None) => Frame::Stage(*one),
            _ => self.image(),
        }
    }

    /// `auto`.
    pub fn auto(&self, preference: Preference) -> Frame {
        let image = !self.images.is_empty();
        match preference {
            Preference::Metric => {
                if !self.metric_worlds.is_empty() {
                    self.world()
                } else if !self.cameras.is_empty() {
                    self.camera()
                } else if image && self.own_worlds.is_empty() {
                    self.image()
                } else {
                    self.world()
                }
            }
            Preference::Motion => match self.auto(Preference::Metric) {
                Frame::One(ReferenceFrame::Camera(camera)) if !self.still.contains(&camera) => {
                    let what = format!(
                        "how camera({0}) moves itself: only motion relative to camera({0}) is known",
                        camera.0
                    );
                    let hint = "ask it \"relative to the camera\"";
                    Frame::Absent(Missing::new(MissingKind::Transform, what).hint(hint))
                }
                frame => frame,
            },
            Preference::Picture => {
                if image && !self.stages.is_empty() {
                    self.stage()
                } else if image {
                    self.image()
                } else if !self.cameras.is_empty() {
                    self.camera()
                } else {
                    self.world()
                }
            }
        }
    }
}

/// The cameras of which the record says that they stood still, and nothing else of their motion.
fn still(world: &World) -> BTreeSet<ObserverId> {
    let (mut still, mut moved) = (BTreeSet::new(), BTreeSet::new());
    for event in world.events().filter(|event| is_camera_motion(&event.kind)) {
        let cameras = event.roles.iter().filter_map(|(role, who)| match who {
            Reference::Observer(camera) if role == "camera" => Some(*camera),
            _ => None,
        });
        if event.kind == "static" { &mut still } else { &mut moved }.extend(cameras);
    }
    still.difference(&moved).copied().collect()
}
