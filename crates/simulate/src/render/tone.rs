//! Between the numbers of light and the bytes of a picture.

/// sRGB bytes to linear light.
pub(super) fn linear(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|v| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
    })
}

/// Light to bytes: a shoulder that keeps highlights from burning out (Narkowicz's fit of the ACES curve, 2015), then sRGB.
pub(super) struct Tone {
    table: Vec<u8>,
}

const STEPS: usize = 8192;

impl Tone {
    pub(super) fn new() -> Tone {
        let table = (0..=STEPS)
            .map(|i| {
                let v = i as f64 / STEPS as f64;
                let s = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * libm::pow(v, 1.0 / 2.4) - 0.055 };
                (s * 255.0 + 0.5) as u8
            })
            .collect();
        Tone { table }
    }

    pub(super) fn byte(&self, light: f64) -> u8 {
        let x = light.clamp(0.0, 64.0) * 0.78;
        let v = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
        self.table[(v.clamp(0.0, 1.0) * STEPS as f64 + 0.5) as usize]
    }
}
