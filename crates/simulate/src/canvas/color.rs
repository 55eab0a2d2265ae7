//! Colours.

/// A colour: red, green, blue and opacity, 8 bits each, as in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity: 0 is not there, 255 hides what is below.
    pub a: u8,
}

impl Color {
    /// An opaque colour, as `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Color {
        Color { r: (rgb >> 16) as u8, g: (rgb >> 8) as u8, b: rgb as u8, a: 255 }
    }

    /// The same colour with this opacity.
    pub const fn fade(self, a: u8) -> Color {
        Color { a, ..self }
    }

    /// This colour, moved towards another by `share` of 256.
    pub const fn mix(self, other: Color, share: u32) -> Color {
        const fn part(a: u8, b: u8, share: u32) -> u8 {
            ((a as u32 * (256 - share) + b as u32 * share) / 256) as u8
        }
        let share = if share > 256 { 256 } else { share };
        Color {
            r: part(self.r, other.r, share),
            g: part(self.g, other.g, share),
            b: part(self.b, other.b, share),
            a: part(self.a, other.a, share),
        }
    }

    /// A darker shade, by `share` of 256.
    pub const fn darker(self, share: u32) -> Color {
        self.mix(Color { r: 10, g: 14, b: 34, a: self.a }, share)
    }

    /// A lighter tint, by `share` of 256.
    pub const fn lighter(self, share: u32) -> Color {
        self.mix(Color { r: 255, g: 255, b: 255, a: self.a }, share)
    }
}

/// The house palette: one set of colours for all puzzles, each told apart by name and also by people who see red and green alike.
pub mod palette {
    use super::Color;

    /// Ground of a picture.
    pub const PAPER: Color = Color::hex(0xF7F5EF);
    /// Free cells.
    pub const FLOOR: Color = Color::hex(0xFFFFFF);
    /// Thin lines on the floor.
    pub const LINE: Color = Color::hex(0xDDD9CE);
    /// Walls and writing.
    pub const INK: Color = Color::hex(0x2B3448);
    /// Quiet writing.
    pub const GREY: Color = Color::hex(0x8A90A0);
    /// Red.
    pub const RED: Color = Color::hex(0xE2504A);
    /// Orange.
    pub const ORANGE: Color = Color::hex(0xF2953C);
    /// Yellow.
    pub const YELLOW: Color = Color::hex(0xF5C945);
    /// Green.
    pub const GREEN: Color = Color::hex(0x3DA872);
    /// Cyan.
    pub const CYAN: Color = Color::hex(0x3CB8C4);
    /// Blue.
    pub const BLUE: Color = Color::hex(0x3B76D6);
    /// Purple.
    pub const PURPLE: Color = Color::hex(0x8458C9);
    /// Pink.
    pub const PINK: Color = Color::hex(0xE67AA8);
    /// Brown.
    pub const BROWN: Color = Color::hex(0x9A6A45);
    /// White.
    pub const WHITE: Color = Color::hex(0xFFFFFF);

    /// The colours that a question may name, in a fixed order.
    pub const NAMED: [(&str, Color); 9] = [
        ("red", RED),
        ("blue", BLUE),
        ("green", GREEN),
        ("yellow", YELLOW),
        ("purple", PURPLE),
        ("orange", ORANGE),
        ("cyan", CYAN),
        ("pink", PINK),
        ("brown", BROWN),
    ];
}
