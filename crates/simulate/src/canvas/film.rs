//! Films of things that glide over a still ground.

use chronotope_world::{Picture, Time};

use super::sprite::Sprite;
use crate::Error;
use crate::error::{range, range_f64};

/// How a film is made.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmSettings {
    /// Longer side of a picture, in pixels; 16 to 4096.
    pub side_px: u32,
    /// Pictures a second; 1 to 240.
    pub fps: u32,
    /// Moves a second; 0.1 to 60.
    pub steps_per_s: f64,
    /// How long the first and the last state stand still, in seconds; 0 to 60.
    pub hold_s: f64,
}

impl Default for FilmSettings {
    fn default() -> FilmSettings {
        FilmSettings { side_px: 512, fps: 24, steps_per_s: 4.0, hold_s: 0.5 }
    }
}

impl FilmSettings {
    /// Whether the settings are within their ranges.
    pub fn check(&self) -> Result<(), Error> {
        range("side_px", self.side_px, super::MIN_SIDE_PX..=super::MAX_SIDE_PX)?;
        range("fps", self.fps, 1..=240)?;
        range_f64("steps_per_s", self.steps_per_s, 0.1, 60.0)?;
        range_f64("hold_s", self.hold_s, 0.0, 60.0)
    }

    /// Pictures of one move; at least one.
    pub fn pictures_per_step(&self) -> usize {
        ((f64::from(self.fps) / self.steps_per_s.max(0.1)).round() as usize).max(1)
    }

    /// Pictures of the hold at either end.
    pub fn hold_pictures(&self) -> usize {
        (f64::from(self.fps) * self.hold_s.clamp(0.0, 60.0)).round() as usize
    }
}

/// A rectangle of the picture, in pixels; may reach beyond its edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPx {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl BoxPx {
    /// Its middle.
    pub fn center(&self) -> [f32; 2] {
        [self.left + self.width / 2.0, self.top + self.height / 2.0]
    }

    /// Whether the point lies in it, edges included.
    pub fn holds(&self, [x, y]: [f32; 2]) -> bool {
        (self.left..=self.left + self.width).contains(&x) && (self.top..=self.top + self.height).contains(&y)
    }
}

/// Pictures of named actors over a still ground. Only what an actor covers is drawn anew from picture to picture.
#[derive(Clone, Debug)]
pub struct Film {
    fps: u32,
    ground: Picture,
    sprites: Vec<Sprite>,
    cast: Vec<Actor>,
    marks: Vec<(String, BoxPx)>,
    pictures: usize,
}

#[derive(Clone, Debug)]
struct Actor {
    name: String,
    /// For each picture: the sprite and its top left corner, or not there.
    places: Vec<Option<Place>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    sprite: u32,
    left: f32,
    top: f32,
}

impl Film {
    /// A film of a single picture, without actors.
    pub fn still(ground: Picture, fps: u32) -> Film {
        Film {
            fps: fps.max(1),
            ground,
            sprites: Vec::new(),
            cast: Vec::new(),
            marks: Vec::new(),
            pictures: 1,
        }
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.pictures
    }

    /// Never: a film has at least one picture.
    pub fn is_empty(&self) -> bool {
        self.pictures == 0
    }

    /// Pictures a second.
    pub fn fps(&self) -> u32 {
        self.fps
    }

    /// Width and height of its pictures.
    pub fn size_px(&self) -> [u32; 2] {
        [self.ground.width, self.ground.height]
    }

    /// Names of those who act in it, in the order in which they are drawn.
    pub fn actors(&self) -> impl Iterator<Item = &str> {
        self.cast.iter().map(|actor| actor.name.as_str())
    }

    /// The box of an actor in a picture: exact to a sixteenth of a pixel. None where there is no such actor or it is not on.
    pub fn box_of(&self, actor: &str, picture: usize) -> Option<BoxPx> {
        let actor = self.cast.iter().find(|known| known.name == actor)?;
        let place = (*actor.places.get(picture)?)?;
        let [left, top, right, bottom] =
            self.sprites.get(place.sprite as usize)?.seen_px().map(|px| px as f32);
        Some(BoxPx {
            left: place.left + left,
            top: place.top + top,
            width: right - left,
            height: bottom - top,
        })
    }

    /// What stands still and has a name: the goal, a target.
    pub fn marks(&self) -> &[(String, BoxPx)] {
        &self.marks
    }

    /// One picture; the last for a number past the end.
    pub fn picture(&self, picture: usize) -> Picture {
        let picture = picture.min(self.pictures.saturating_sub(1));
        let mut sheet = self.ground.clone();
        sheet.frame_index = picture as u32;
        sheet.t = self.time(picture);
        self.draw(picture, &mut sheet);
        sheet
    }

    /// Its pictures one after the other, in one buffer.
    pub fn play(&self) -> Player<'_> {
        Player { film: self, sheet: self.ground.clone(), next: 0, dirty: Vec::new() }
    }

    fn time(&self, picture: usize) -> Time {
        Time((picture as i64 * 1_000_000_000 + i64::from(self.fps) / 2) / i64::from(self.fps.max(1)))
    }

    fn draw(&self, picture: usize, sheet: &mut Picture) {
        for actor in &self.cast {
            if let Some(&Some(place)) = actor.places.get(picture)
                && let Some(sprite) = self.sprites.get(place.sprite as usize)
            {
                sprite.draw(sheet, place.left, place.top);
            }
        }
    }
}

/// Plays a film; see [`Film::play`].
#[derive(Debug)]
pub struct Player<'a> {
    film: &'a Film,
    sheet: Picture,
    next: usize,
    /// Left, top, right and bottom of what was drawn over the ground.
    dirty: Vec<[u32; 4]>,
}

impl Player<'_> {
    /// The next picture, or none at the end. It lasts until the next call.
    pub fn next_picture(&mut self) -> Option<&Picture> {
        let film = self.film;
        if self.next >= film.pictures {
            return None;
        }
        let width = film.ground.width as usize;
        for [left, top, right, bottom] in self.dirty.drain(..) {
            for y in top..bottom {
                let span =
                    (y as usize * width + left as usize) * 3..(y as usize * width + right as usize) * 3;
                if let (Some(to), Some(from)) =
                    (self.sheet.rgb.get_mut(span.clone()), film.ground.rgb.get(span))
                {
                    to.copy_from_slice(from);
                }
            }
        }
        film.draw(self.next, &mut self.sheet);
        let size = [film.ground.width as f32, film.ground.height as f32];
        for actor in &film.cast {
            if let Some(&Some(place)) = actor.places.get(self.next)
                && let Some(sprite) = film.sprites.get(place.sprite as usize)
            {
                let [w, h] = sprite.size_px();
                let [left, right] = [place.left, place.left + w as f32 + 1.0].map(|x| x.clamp(0.0, size[0]));
                let [top, bottom] = [place.top, place.top + h as f32 + 1.0].map(|y| y.clamp(0.0, size[1]));
                self.dirty.push([left as u32, top as u32, right.ceil() as u32, bottom.ceil() as u32]);
            }
        }
        self.sheet.frame_index = self.next as u32;
        self.sheet.t = film.time(self.next);
        self.next += 1;
        Some(&self.sheet)
    }
}

/// Who acts on a [`Stage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActorId(usize);

/// Where a film is made: actors are put on and told where to go.
#[derive(Clone, Debug)]
pub struct Stage {
    film: Film,
    now: Vec<Option<Place>>,
}

impl Stage {
    /// An empty stage with its ground.
    pub fn new(ground: Picture, fps: u32) -> Stage {
        let mut film = Film::still(ground, fps);
        film.pictures = 0;
        Stage { film, now: Vec::new() }
    }

    /// Names a part of the ground.
    pub fn mark(&mut self, name: &str, place: BoxPx) {
        self.film.marks.push((name.to_owned(), place));
    }

    /// A further look, for [`Stage::look`].
    pub fn sprite(&mut self, sprite: Sprite) -> u32 {
        if let Some(known) = self.film.sprites.iter().position(|other| *other == sprite) {
            return known as u32;
        }
        self.film.sprites.push(sprite);
        self.film.sprites.len() as u32 - 1
    }

    /// Puts an actor on, its sprite centred on a point. Later ones are drawn over earlier ones.
    pub fn enter(&mut self, name: &str, sprite: u32, center: [f32; 2]) -> ActorId {
        let places = vec![None; self.film.pictures];
        self.film.cast.push(Actor { name: name.to_owned(), places });
        self.now.push(None);
        let id = ActorId(self.now.len() - 1);
        self.put(id, sprite, center);
        id
    }

    /// Gives an actor another look, at the same place.
    pub fn look(&mut self, actor: ActorId, sprite: u32) {
        if let Some(center) = self.center(actor) {
            self.put(actor, sprite, center);
        }
    }

    /// Takes an actor off.
    pub fn leave(&mut self, actor: ActorId) {
        if let Some(now) = self.now.get_mut(actor.0) {
            *now = None;
        }
    }

    /// Puts an actor somewhere (back), with this look.
    pub fn put(&mut self, actor: ActorId, sprite: u32, center: [f32; 2]) {
        if let (Some(now), Some(look)) = (self.now.get_mut(actor.0), self.film.sprites.get(sprite as usize)) {
            let [w, h] = look.size_px();
            *now = Some(Place { sprite, left: center[0] - w as f32 / 2.0, top: center[1] - h as f32 / 2.0 });
        }
    }

    /// The middle of an actor's sprite now.
    pub fn center(&self, actor: ActorId) -> Option<[f32; 2]> {
        let place = (*self.now.get(actor.0)?)?;
        let [w, h] = self.film.sprites.get(place.sprite as usize)?.size_px();
        Some([place.left + w as f32 / 2.0, place.top + h as f32 / 2.0])
    }

    /// Everybody stands still for this many pictures.
    pub fn hold(&mut self, pictures: usize) {
        for (actor, now) in self.film.cast.iter_mut().zip(&self.now) {
            actor.places.extend(std::iter::repeat_n(*now, pictures));
        }
        self.film.pictures += pictures;
    }

    /// Actors move straight to points, at an even pace, and are there in the last of these pictures.
    pub fn glide(&mut self, moves: &[(ActorId, [f32; 2])], pictures: usize) {
        self.glide_by(moves, pictures, |from, to, share| {
            [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
        });
    }

    /// Actors move to points on a path of the caller's: from, to and the share of the way give the place.
    pub fn glide_by(
        &mut self,
        moves: &[(ActorId, [f32; 2])],
        pictures: usize,
        path: impl Fn([f32; 2], [f32; 2], f32) -> [f32; 2],
    ) {
        let starts: Vec<_> = moves.iter().map(|&(actor, _)| self.center(actor)).collect();
        for picture in 1..=pictures {
            let share = picture as f32 / pictures as f32;
            for (&(actor, to), start) in moves.iter().zip(&starts) {
                if let (Some(from), Some(Some(now))) = (*start, self.now.get(actor.0).copied()) {
                    let center = if picture == pictures { to } else { path(from, to, share) };
                    self.put(actor, now.sprite, center);
                }
            }
            self.hold(1);
        }
    }

    /// The film; of one picture at least.
    pub fn finish(mut self) -> Film {
        if self.film.pictures == 0 {
            self.hold(1);
        }
        self.film
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::{Canvas, palette};

    fn film() -> Film {
        let mut stage = Stage::new(Canvas::new(64, 32, palette::PAPER).into_picture(), 10);
        let mut sheet = Canvas::clear(8, 8);
        sheet.disc(4.0, 4.0, 4.0, palette::RED);
        let sprite = stage.sprite(sheet.into_sprite());
        let ball = stage.enter("ball", sprite, [6.0, 6.0]);
        stage.hold(2);
        stage.glide(&[(ball, [56.0, 20.0])], 7);
        stage.leave(ball);
        stage.hold(1);
        stage.finish()
    }

    #[test]
    fn a_played_picture_is_the_one_drawn_alone() {
        let film = film();
        let mut player = film.play();
        let mut count = 0;
        while let Some(picture) = player.next_picture() {
            assert_eq!(*picture, film.picture(count));
            count += 1;
        }
        assert_eq!((count, film.len()), (10, 10));
    }

    #[test]
    fn boxes_say_where_an_actor_is_and_when_it_is_on() {
        let film = film();
        assert_eq!(film.box_of("ball", 0).map(|seen| seen.center()), Some([6.0, 6.0]));
        assert_eq!(film.box_of("ball", 8).map(|seen| seen.center()), Some([56.0, 20.0]));
        assert_eq!(film.box_of("ball", 9), None);
        assert_eq!(film.box_of("cat", 0), None);
        assert_eq!(film.picture(5).t, Time(500_000_000));
    }
}
