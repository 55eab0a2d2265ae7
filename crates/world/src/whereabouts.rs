//! What is where when: everything at a time, and what is near a place then.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::id::EntityId;
use crate::reference_frame::ReferenceFrame;
use crate::time::Time;
use crate::trajectory::Moment;
use crate::world::World;

impl World {
    /// What is where then: every visible entity that has a place at that time, ascending. Reads the samples around that time
    /// alone.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn at(&self, t: Time) -> Result<Vec<(EntityId, Moment)>, Error> {
        let mut out = Vec::new();
        self.atlas();
        for entity in self.entities() {
            out.extend(self.moment(entity, t)?.map(|moment| (entity, moment)));
        }
        Ok(out)
    }

    /// What is within a distance of a place of a frame then, nearest first. Distances between centres, in the frame's unit.
    ///
    /// # Errors
    /// Where samples cannot be read.
    pub fn near(
        &self,
        reference_frame: &ReferenceFrame,
        place: [f64; 3],
        radius: f64,
        t: Time,
    ) -> Result<Vec<(EntityId, f64)>, Error> {
        let mut out = Vec::new();
        let in_picture = matches!(reference_frame, ReferenceFrame::Image(_));
        let there = match self.atlas().map(|atlas| atlas.near(t.0, place, radius, in_picture)) {
            Some(tracks) => {
                let shown =
                    tracks.into_iter().flat_map(|track| self.entities_of(track).map(|row| row.entity));
                let entities: BTreeSet<EntityId> = shown.collect();
                let moment = |entity| Ok(self.moment(entity, t)?.map(|moment| (entity, moment)));
                entities
                    .into_iter()
                    .filter_map(|entity| moment(entity).transpose())
                    .collect::<Result<_, Error>>()?
            }
            None => self.at(t)?,
        };
        for (entity, moment) in there {
            let centre = match (reference_frame, moment.pose, moment.box_px) {
                (ReferenceFrame::Image(o), _, Some(b)) if moment.observer == Some(*o) => {
                    let [x, y] = b.centre();
                    Some([x, y, 0.0])
                }
                (frame, Some(pose), _) => self
                    .reference_frame(pose.reference_frame)
                    .filter(|row| row.reference_frame == *frame)
                    .map(|_| pose.position),
                _ => None,
            };
            let distance = centre.map(|c| (0..3).map(|k| (c[k] - place[k]).powi(2)).sum::<f64>().sqrt());
            out.extend(distance.filter(|d| *d <= radius).map(|d| (entity, d)));
        }
        out.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{ChunkBounds, Origin, Pose, Sample, SampleChunk};
    use crate::tables::{Observer, ObserverKind, Source, SourceKind, Tables, Track};
    use crate::text::parse;
    use crate::{BoxPx, Known, ObserverId, Scale, SourceId, Store, WorldBuilder};
    use std::sync::Arc;

    #[test]
    fn nearest_come_first() {
        let world =
            parse("car 1\n  0: (3, 0, 0)\ncar 2\n  0: (1, 0, 0)\ncar 3\n  0: (9, 0, 0)\n").expect("valid");
        let main = ReferenceFrame::World("main".into());
        let near = world.near(&main, [0.0; 3], 5.0, Time(0)).expect("in memory");
        assert_eq!(near, [(EntityId(2), 1.0), (EntityId(1), 3.0)]);
    }

    /// The same rows, held by a store that offers no index.
    struct Plain(World);

    impl Store for Plain {
        fn tables(&self) -> &Tables {
            self.0.store().tables()
        }
        fn bounds(&self) -> &[ChunkBounds] {
            self.0.store().bounds()
        }
        fn chunk(&self, n: usize) -> Result<Arc<SampleChunk>, Error> {
            self.0.store().chunk(n)
        }
        fn revision(&self) -> u64 {
            self.0.store().revision()
        }
        fn name(&self) -> &str {
            self.0.store().name()
        }
    }

    fn camera(source: SourceId) -> Observer {
        Observer {
            id: ObserverId(0),
            source,
            kind: ObserverKind::Camera,
            name: "cam".into(),
            picture_px: None,
            intrinsics: None,
            known: Known::ALWAYS,
        }
    }

    #[test]
    fn the_index_tells_what_a_look_at_every_row_tells() {
        let mut state = 3u64;
        let mut draw = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let main = ReferenceFrame::World("main".into());
        for _ in 0..60 {
            let mut made = WorldBuilder::new("made");
            let source = made.source(Source {
                id: SourceId(0),
                kind: SourceKind::Annotation,
                uri: "made".into(),
                sha256: None,
                record_from_source: None,
                derived_from: None,
                settings: String::new(),
                known: Known::ALWAYS,
            });
            let frame = made.reference_frame(main.clone(), Scale::Metre);
            made.observer(camera(source));
            let other = made.reference_frame(ReferenceFrame::World("other".into()), Scale::Metre);
            let mut last = None;
            for n in 0..=draw(12) {
                let mut row = Track::new(source, n.to_string(), Known::ALWAYS);
                row.tolerance_ns = [None, Some(3), Some(40)][draw(3) as usize];
                row.derived_from.extend(last.filter(|_| draw(4) == 0));
                let track = made.track(row);
                last = Some(track);
                made.entity_of(track, "made", Known::ALWAYS);
                let mut t = draw(50) as i64;
                for _ in 0..draw(200) {
                    t += draw(6) as i64;
                    let mut sample = Sample::new(source, Some(track), Time(t), Origin::Annotated);
                    sample.end = (draw(9) == 0).then(|| Time(t + 1 + draw(9) as i64));
                    if draw(5) > 0 {
                        sample.pose = Some(Pose {
                            reference_frame: if draw(9) == 0 { other } else { frame },
                            position: [draw(30) as f64, draw(30) as f64, 0.0],
                            rotation: None,
                            extent: None,
                        });
                    }
                    if draw(3) > 0 {
                        sample.observer = Some(ObserverId(0));
                        sample.box_px = BoxPx::new(draw(30) as f64, draw(30) as f64, 4.0, 4.0);
                    }
                    made.sample(sample);
                }
            }
            let quick = made.build().expect("sound rows");
            let plain = World::new(Arc::new(Plain(quick.clone())));
            for _ in 0..40 {
                let (t, place, radius) =
                    (Time(draw(600) as i64), [draw(30) as f64, draw(30) as f64, 0.0], draw(12) as f64);
                for frame in [&main, &ReferenceFrame::Image(ObserverId(0))] {
                    assert_eq!(
                        quick.near(frame, place, radius, t).expect("in memory"),
                        plain.near(frame, place, radius, t).expect("in memory"),
                    );
                }
                assert_eq!(quick.at(t).expect("in memory"), plain.at(t).expect("in memory"));
            }
        }
    }
}
