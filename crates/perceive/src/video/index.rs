//! Where each picture of a file stands, known without decoding.

use super::ffmpeg::{self as native, Demuxer};
use super::order::{MAX_REORDER, PacketFacts};
use ffmpeg_the_third::Packet;

/// More packets than an index holds (24 bytes each): 90 hours at 30 pictures per second.
const MAX_PACKETS: usize = 10_000_000;

/// The packets of a stream in which each packet is one picture with its own timestamp.
#[derive(Debug)]
pub(super) struct PictureIndex {
    /// In decoding order.
    packets: Vec<Row>,
    /// Positions in `packets` of the pictures that are shown, in presentation order.
    shown: Vec<u32>,
    /// Positions in `packets` of the points of entry.
    keys: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    pts: i64,
    dts: i64,
}

/// The facts of a packet that has data.
pub(super) fn facts(packet: &Packet) -> PacketFacts {
    PacketFacts {
        pts: packet.pts(),
        dts: packet.dts(),
        key: packet.is_key(),
        discarded: native::is_discarded(packet),
    }
}

impl PictureIndex {
    /// Reads all packets from where the demuxer stands, its start. None where packets and pictures do not correspond
    /// one to one: then only reading from the start numbers pictures rightly.
    pub(super) fn read(demuxer: &mut Demuxer, stream: usize) -> Option<PictureIndex> {
        let mut rows = Vec::new();
        loop {
            match demuxer.read() {
                Ok(Some(packet)) if packet.stream() != stream || packet.size() == 0 => {}
                Ok(Some(_)) if rows.len() == MAX_PACKETS => return None,
                // data is missing here, and with it perhaps whole packets: which, only decoding shows
                Ok(Some(packet)) if packet.is_corrupt() => return None,
                Ok(Some(packet)) => rows.push(facts(&packet)),
                Ok(None) => break,
                // good pictures may follow: only reading on in order finds them
                Err(_) => return None,
            }
        }
        PictureIndex::new(&rows)
    }

    fn new(rows: &[PacketFacts]) -> Option<PictureIndex> {
        let first_key = rows.iter().find(|row| row.key)?.pts?;
        let (mut packets, mut shown, mut keys) =
            (Vec::with_capacity(rows.len()), Vec::<u32>::new(), Vec::new());
        let (mut begun, mut last_dts, mut n_leading) = (false, i64::MIN, 0);
        for (at, row) in rows.iter().enumerate() {
            let pts = row.pts?;
            let dts = row.dts.unwrap_or(pts.min(last_dts));
            if row.dts.is_some_and(|dts| dts < last_dts) {
                return None;
            }
            last_dts = last_dts.max(dts);
            begun |= row.key;
            if row.key {
                keys.push(at as u32);
            }
            if begun && pts < first_key {
                n_leading += 1;
            } else if begun && !row.discarded {
                shown.push(at as u32);
            }
            packets.push(Row { pts, dts: dts.min(pts) });
        }
        let decoded = shown.clone();
        shown.sort_by_key(|&at| packets[at as usize].pts);
        let unique =
            shown.windows(2).all(|pair| packets[pair[0] as usize].pts < packets[pair[1] as usize].pts);
        // `decoded` ascends, so a picture's place in it is found by halving
        let reordered_little = shown.iter().enumerate().all(|(rank, at)| {
            decoded.binary_search(at).is_ok_and(|place| place.abs_diff(rank) <= MAX_REORDER)
        });
        (unique && reordered_little && n_leading <= MAX_REORDER && !shown.is_empty())
            .then_some(PictureIndex { packets, shown, keys })
    }

    /// Number of pictures shown.
    pub(super) fn n_pictures(&self) -> u32 {
        self.shown.len() as u32
    }

    /// Timestamps of the pictures shown, in presentation order.
    pub(super) fn pts(&self) -> impl Iterator<Item = i64> + '_ {
        self.shown.iter().map(|&at| self.packets[at as usize].pts)
    }

    /// Number of the picture with this timestamp.
    pub(super) fn number(&self, pts: i64) -> Option<u32> {
        self.shown.binary_search_by_key(&pts, |&at| self.packets[at as usize].pts).ok().map(|n| n as u32)
    }

    /// Timestamp of a packet, by its place in decoding order.
    pub(super) fn packet_pts(&self, at: u32) -> Option<i64> {
        self.packets.get(at as usize).map(|row| row.pts)
    }

    /// A timestamp at or before which a demuxer must look for this packet.
    pub(super) fn packet_dts(&self, at: u32) -> i64 {
        self.packets[at as usize].dts
    }

    /// Place of the packet with this timestamp, among those from `low` on and before `high`.
    pub(super) fn find_packet(&self, pts: i64, low: u32, high: u32) -> Option<u32> {
        let high = (high as usize).min(self.packets.len());
        self.packets[..high].iter().skip(low as usize).position(|row| row.pts == pts).map(|n| n as u32 + low)
    }

    /// The packets to decode for this picture: from the point of entry, in decoding order, to its own. None for a
    /// number beyond the end.
    ///
    /// The point of entry is the last one before it in both orders: a picture that is decoded after a key picture but
    /// shown before it may need pictures before that one.
    pub(super) fn packets_for(&self, frame_index: u32) -> Option<(u32, u32)> {
        let own = *self.shown.get(frame_index as usize)?;
        let pts = self.packets[own as usize].pts;
        let before = self.keys.partition_point(|&key| key <= own);
        let from =
            self.keys[..before].iter().rev().find(|&&key| self.packets[key as usize].pts <= pts).copied();
        Some((from.unwrap_or(0), own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(pts: &[i64], keys: &[usize]) -> Option<PictureIndex> {
        let rows: Vec<_> = pts
            .iter()
            .enumerate()
            .map(|(i, &pts)| PacketFacts {
                pts: Some(pts),
                dts: Some(i as i64 - 2),
                key: keys.contains(&i),
                discarded: false,
            })
            .collect();
        PictureIndex::new(&rows)
    }

    #[test]
    fn a_leading_picture_is_decoded_from_the_key_before() {
        // decoding order: I0 P3 B1 B2 | I6 B4 B5 P7
        let index = index(&[0, 3, 1, 2, 6, 4, 5, 7], &[0, 4]).expect("regular");
        let ranges: Vec<_> = (0..8).map(|n| index.packets_for(n).expect("exists")).collect();
        assert_eq!(ranges, [(0, 0), (0, 2), (0, 3), (0, 1), (0, 5), (0, 6), (4, 4), (4, 7)]);
        assert_eq!(index.packets_for(8), None);
    }

    #[test]
    fn the_same_timestamp_twice_is_not_regular() {
        assert!(index(&[0, 1, 1], &[0]).is_none());
    }

    #[test]
    fn without_a_key_there_is_no_index() {
        assert!(index(&[0, 1, 2], &[]).is_none());
        assert!(index(&[], &[]).is_none());
    }

    #[test]
    fn a_recording_joined_to_another_is_not_regular() {
        let pts: Vec<i64> = (100..150).chain(0..50).collect();
        assert!(index(&pts, &[0, 50]).is_none());
    }
}
