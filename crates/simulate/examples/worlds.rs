//! Draws rooms, tables and streets: `cargo run --release -p chronotope-simulate --example worlds -- OUT 7 480 360`.

use chronotope_simulate::Stream;
use chronotope_simulate::path::{CameraPath, WalkSettings, walk};
use chronotope_simulate::render::{Frame, Layers, Renderer};
use chronotope_simulate::scene::{Layout, RoomSettings, StreetSettings, TableSettings, rooms, street, table};
use std::error::Error;
use std::path::{Path, PathBuf};

const S: i64 = 1_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().unwrap_or_else(|| "out".into()));
    let seed: u64 = arguments.next().unwrap_or_else(|| "7".into()).parse()?;
    let width: u32 = arguments.next().unwrap_or_else(|| "480".into()).parse()?;
    let height: u32 = arguments.next().unwrap_or_else(|| "360".into()).parse()?;
    std::fs::create_dir_all(&out)?;
    let size_px = [width, height];

    let mut stream = Stream::of_item("rooms", "example", seed, 0);
    let n = 1 + (seed % 3) as usize;
    let settings =
        RoomSettings { rooms: n, objects: 18 * n, area_m2: 18.0 * n as f64, ..RoomSettings::default() };
    let scene = rooms(&mut stream, &settings)?;
    let path = walk(&mut stream, &scene, &WalkSettings { size_px, ..WalkSettings::default() })?;
    let renderer = Renderer::new(&scene, 1);
    for second in [6, 18, 30, 42] {
        let frame = renderer.picture(&path, second * S, Layers::all(S / 10));
        save(&out, &format!("room_{seed}_{second}"), &frame)?;
        if second == 18 {
            layers(&out, &format!("room_{seed}"), &frame)?;
        }
    }
    let top = CameraPath::top(size_px, &scene, 0);
    save(&out, &format!("room_{seed}_top"), &renderer.picture(&top, 0, Layers::COLOUR))?;

    for everyday in [false, true] {
        let mut stream = Stream::of_item("table", "example", seed, u64::from(everyday));
        let scene = table(&mut stream, &TableSettings { objects: 7, everyday, ..TableSettings::default() })?;
        let camera = CameraPath::fixed(size_px, 0.75, [0.25, -1.75, 1.05], [0.0, -0.02, 0.0]);
        let frame = Renderer::new(&scene, 1).picture(&camera, 0, Layers::COLOUR);
        save(&out, &format!("table_{seed}_{everyday}"), &frame)?;
    }

    for (n, layout) in [Layout::Straight, Layout::Curve, Layout::Junction].into_iter().enumerate() {
        let mut stream = Stream::of_item("street", "example", seed, n as u64);
        let scene =
            street(&mut stream, &StreetSettings { layout, vehicles: 9, ..StreetSettings::default() })?;
        let renderer = Renderer::new(&scene, 1);
        let seat = [1.5, 0.0, 0.7];
        let driver = CameraPath::driver(size_px, 1.15, &scene, 0, seat, 0.05, (12 * S, 10.0))?;
        save(&out, &format!("street_{seed}_{n}"), &renderer.picture(&driver, 6 * S, Layers::COLOUR))?;
        let high = CameraPath::fixed(size_px, 0.9, [-92.0, -2.0, 7.5], [-50.0, 0.0, 0.5]);
        save(&out, &format!("street_{seed}_{n}_high"), &renderer.picture(&high, 4 * S, Layers::COLOUR))?;
    }
    Ok(())
}

fn save(out: &Path, name: &str, frame: &Frame) -> Result<(), Box<dyn Error>> {
    picture(out, name, &frame.rgb, frame)
}

fn picture(out: &Path, name: &str, rgb: &[u8], frame: &Frame) -> Result<(), Box<dyn Error>> {
    let (width, height) = (frame.width as u32, frame.height as u32);
    image::save_buffer(out.join(format!("{name}.png")), rgb, width, height, image::ColorType::Rgb8)?;
    Ok(())
}

/// The annotation as pictures: near is light; a colour for each thing; normals and flow as colours.
fn layers(out: &Path, name: &str, frame: &Frame) -> Result<(), Box<dyn Error>> {
    let grey = |v: f64| [(v.clamp(0.0, 1.0) * 255.0) as u8; 3];
    let depth: Vec<u8> = frame.depth_m.iter().flat_map(|&d| grey(1.2 / f64::from(d).max(1.2))).collect();
    picture(out, &format!("{name}_depth"), &depth, frame)?;
    let mask: Vec<u8> = frame.mask.iter().flat_map(|&m| hue(u32::from(m))).collect();
    picture(out, &format!("{name}_mask"), &mask, frame)?;
    let normals: Vec<u8> =
        frame.normals.iter().map(|&v| ((0.5 - 0.5 * f64::from(v)) * 255.0) as u8).collect();
    picture(out, &format!("{name}_normals"), &normals, frame)?;
    let flow: Vec<u8> = frame
        .flow_px
        .chunks(2)
        .flat_map(|f| {
            let side = |v: f32| ((f64::from(v) * 0.03).clamp(-0.5, 0.5) * 255.0 + 128.0) as u8;
            [side(f[0]), side(f[1]), 128]
        })
        .collect();
    picture(out, &format!("{name}_flow"), &flow, frame)
}

fn hue(n: u32) -> [u8; 3] {
    if n == 0 {
        return [30; 3];
    }
    let h = n.wrapping_mul(0x9e37_79b1);
    [h, h >> 8, h >> 16].map(|v| 70 + (v & 0xff) as u8 / 2 + (v >> 3 & 0x1f) as u8)
}
