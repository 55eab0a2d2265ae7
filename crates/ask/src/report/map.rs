//! The map from above: trails and footprints in the world frame that most things have.

use super::{Colours, escape, name_of, px, round_step};
use chronotope_world::{EntityId, Pose, ReferenceFrame, ReferenceFrameId, World, unit_quaternion};
use nalgebra::Vector3;
use std::collections::BTreeMap;
use std::fmt::Write;

const WIDTH: f64 = 1030.0;
const MAX_HEIGHT: f64 = 560.0;
const MARGIN: f64 = 26.0;
/// Points of a trail; longer ones are thinned evenly.
const MAX_POINTS: usize = 400;

/// The section, or nothing where no world frame has poses.
pub(super) fn section(
    world: &World,
    cited: &[EntityId],
    colours: &Colours,
) -> Result<String, chronotope_world::Error> {
    let mut by_frame: BTreeMap<ReferenceFrameId, Vec<(EntityId, Vec<Pose>)>> = BTreeMap::new();
    for &entity in &colours.entities {
        for run in world.trajectory(entity)?.runs {
            let poses: Vec<Pose> = run.samples().filter_map(|s| s.pose).collect();
            if let Some(first) = poses.first() {
                by_frame.entry(first.reference_frame).or_default().push((entity, poses));
            }
        }
    }
    let seen_from_above = |id: &ReferenceFrameId| {
        world
            .reference_frame(*id)
            .filter(|row| matches!(row.reference_frame, ReferenceFrame::World(_) | ReferenceFrame::Camera(_)))
    };
    let best =
        by_frame.iter().filter(|(id, _)| seen_from_above(id).is_some()).max_by_key(|(_, list)| list.len());
    let Some((row, trails)) = best.and_then(|(id, trails)| seen_from_above(id).map(|row| (row, trails)))
    else {
        return Ok(String::new());
    };
    // a camera looks along z with x to the right: its ground plane is x, z
    let from_camera = matches!(row.reference_frame, ReferenceFrame::Camera(_));
    let flat = |p: [f64; 3]| if from_camera { [p[0], p[2]] } else { [p[0], p[1]] };
    let outlines: Vec<(EntityId, Vec<[f64; 2]>)> = trails
        .iter()
        .filter_map(|(entity, poses)| Some((*entity, footprint(poses.last()?, from_camera)?)))
        .collect();
    let points = trails
        .iter()
        .flat_map(|(_, poses)| poses.iter().map(|p| flat(p.position)))
        .chain(outlines.iter().flat_map(|(_, outline)| outline.iter().copied()));
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for p in points {
        for k in 0..2 {
            low[k] = low[k].min(p[k]);
            high[k] = high[k].max(p[k]);
        }
    }
    let size = [(high[0] - low[0]).max(1e-6), (high[1] - low[1]).max(1e-6)];
    let scale = ((WIDTH - 2.0 * MARGIN) / size[0]).min((MAX_HEIGHT - 2.0 * MARGIN) / size[1]);
    let (width, height) = (WIDTH, size[1] * scale + 2.0 * MARGIN);
    let shift = (width - size[0] * scale) / 2.0;
    let place =
        |p: [f64; 2]| (px(shift + (p[0] - low[0]) * scale), px(height - MARGIN - (p[1] - low[1]) * scale));
    let path = |points: &[[f64; 2]]| {
        points.iter().enumerate().fold(String::new(), |mut out, (i, &p)| {
            let (x, y) = place(p);
            let _ = write!(out, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
            out
        })
    };
    let grid = round_step(size[0].max(size[1]), 12.0);
    let mut drawn = String::new();
    for k in 0..2 {
        let reach = [width, height][k] / scale / 2.0;
        let middle = f64::midpoint(low[k], high[k]);
        let mut line = ((middle - reach) / grid).ceil() * grid;
        while line < middle + reach {
            let (x, y) = place(if k == 0 { [line, low[1]] } else { [low[0], line] });
            let _ = match k {
                0 => write!(drawn, "<path class=\"axis\" d=\"M{x} 0V{}\"/>", px(height)),
                _ => write!(drawn, "<path class=\"axis\" d=\"M0 {y}H{}\"/>", px(width)),
            };
            line += grid;
        }
    }
    for (entity, outline) in &outlines {
        let strong = cited.is_empty() || cited.contains(entity);
        let (x, y) = place(centre(outline));
        let colour = colours.of(*entity);
        let _ = write!(
            drawn,
            "<g data-entity=\"{}\" opacity=\"{}\"><path d=\"{}Z\" fill=\"{colour}\" fill-opacity=\".2\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
            entity.0,
            if strong { "1" } else { ".45" },
            path(outline),
        );
        if strong {
            let _ = write!(
                drawn,
                "<text class=\"name\" x=\"{x}\" y=\"{y}\" dy=\"4\" text-anchor=\"middle\">{}</text>",
                escape(&name_of(world, *entity))
            );
        }
        drawn.push_str("</g>");
    }
    for (entity, poses) in trails {
        let thin = poses.len().div_ceil(MAX_POINTS).max(1);
        let points: Vec<[f64; 2]> = poses.iter().step_by(thin).map(|p| flat(p.position)).collect();
        let strong = cited.is_empty() || cited.contains(entity);
        let colour = colours.of(*entity);
        let (x, y) = place(points.last().copied().unwrap_or_default());
        let _ = write!(
            drawn,
            "<g data-entity=\"{}\" opacity=\"{}\">",
            entity.0,
            if strong { "1" } else { ".45" }
        );
        if points.len() > 1 {
            let _ = write!(
                drawn,
                "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"/><circle cx=\"{x}\" cy=\"{y}\" r=\"3.5\" fill=\"{colour}\"/>",
                path(&points)
            );
        }
        let has_outline = outlines.iter().any(|(e, _)| e == entity);
        if !has_outline {
            let _ = write!(drawn, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>");
            if strong {
                let _ = write!(
                    drawn,
                    "<text class=\"name\" x=\"{x}\" y=\"{y}\" dx=\"8\" dy=\"4\">{}</text>",
                    escape(&name_of(world, *entity))
                );
            }
        }
        drawn.push_str("</g>");
    }
    let bar = round_step(size[0].max(size[1]), 6.0);
    let _ = write!(
        drawn,
        "<g><path d=\"M14 {0}v6h{1}v-6\" fill=\"none\" stroke=\"var(--soft)\"/><text x=\"{2}\" y=\"{3}\">{4} {5}</text></g>",
        px(height - 16.0),
        px(bar * scale),
        px(20.0 + bar * scale),
        px(height - 9.0),
        px(bar),
        escape(&row.scale.to_string())
    );
    Ok(format!(
        "<section>\n<h2>Map from above · {}</h2>\n<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"map from above\">{drawn}</svg>\n</section>\n",
        escape(&row.reference_frame.to_string()),
        px(width),
        px(height)
    ))
}

/// The four ground corners of a thing, if it has a size.
fn footprint(pose: &Pose, from_camera: bool) -> Option<Vec<[f64; 2]>> {
    let [length, width, _] = pose.extent?;
    let turn = pose.rotation.and_then(unit_quaternion).unwrap_or_default();
    let corner = |a: f64, b: f64| {
        let v = Vector3::from(pose.position) + turn * Vector3::new(a * length / 2.0, b * width / 2.0, 0.0);
        if from_camera { [v.x, v.z] } else { [v.x, v.y] }
    };
    Some(vec![corner(1.0, 1.0), corner(1.0, -1.0), corner(-1.0, -1.0), corner(-1.0, 1.0)])
}

fn centre(outline: &[[f64; 2]]) -> [f64; 2] {
    let n = outline.len().max(1) as f64;
    let sum = outline.iter().fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
    [sum[0] / n, sum[1] / n]
}
