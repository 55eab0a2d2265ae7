//! No room, no permission, nothing to see: an error with exit code 3, and nothing half-written.

use super::report::{Scratch, clip};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

fn run(command: &mut Command) -> Output {
    command.output().expect("can be started")
}

/// A disk in memory of so many KiB, where this process may mount one.
struct SmallDisk(String);

impl SmallDisk {
    fn new(scratch: &Scratch, kib: u32) -> Option<SmallDisk> {
        let folder = scratch.path(&format!("disk-{kib}"));
        std::fs::create_dir(&folder).expect("can be made");
        let size = format!("size={kib}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs", &folder]).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}

/// Nothing, or a bundle without a fault.
fn nothing_half_written(world: &str) {
    if Path::new(world).exists() {
        let check = super::chronotope(&["check", world]);
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    }
}

fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_full_disk_is_an_error_that_leaves_nothing_half_written() {
    let scratch = Scratch::new("no-room");
    let mut rows = String::new();
    for k in 0..40_000 {
        writeln!(rows, "{},{},{}.5,7.25,30,60,1,-1,-1,-1", 1 + k / 20, 1 + k % 20, k * 7 % 613)
            .expect("a text takes everything");
    }
    let (csv, video) = (scratch.path("crowd.csv"), scratch.path("square.mp4"));
    std::fs::write(&csv, rows).expect("can be written");
    clip(Path::new(&video));
    for kib in [4, 16, 48, 120] {
        let Some(disk) = SmallDisk::new(&scratch, kib) else { return }; // only root may; the file-size limit is tested anyway
        let world = format!("{}/crowd.world", disk.0);
        refused(&super::chronotope(&["import", "mot", &csv, "-o", &world, "--fps", "10"]), "No space left");
        assert!(!Path::new(&world).exists(), "an import is there as a whole or not at all ({kib} KiB)");
        if kib < 48 {
            let world = format!("{}/square.world", disk.0);
            refused(&super::chronotope(&["--quiet", "watch", &video, "-o", &world]), "No space left");
            nothing_half_written(&world);
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error() {
    let scratch = Scratch::new("no-permission");
    let csv = scratch.path("one.csv");
    std::fs::write(&csv, "1,1,10,20,30,60,1,-1,-1,-1\n").expect("can be written");
    let (video, mine) = (scratch.path("square.mp4"), scratch.path("mine"));
    clip(Path::new(&video));
    std::fs::create_dir(&mine).expect("can be made");
    let mode = |path: &str, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mine");
    };
    for path in [&scratch.path("."), &csv, &video] {
        mode(path, 0o755);
    }
    mode(&mine, 0o555);
    // root may write anywhere: it becomes nobody first, who must reach the program
    let program = scratch.path("chronotope");
    let built = env!("CARGO_BIN_EXE_chronotope");
    std::fs::hard_link(built, &program)
        .or_else(|_other_disk| std::fs::copy(built, &program).map(drop))
        .expect("can be copied");
    let root = run(Command::new("id").arg("-u")).stdout == b"0\n";
    let ordinary = |arguments: &[&str]| {
        let mut command = Command::new(if root { "setpriv" } else { &program });
        if root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", &program]);
        }
        run(command.args(arguments))
    };
    let world = format!("{mine}/one.world");
    refused(&ordinary(&["import", "mot", &csv, "-o", &world, "--fps", "10"]), "Permission denied");
    refused(&ordinary(&["--quiet", "watch", &video, "-o", &world]), "Permission denied");
    assert_eq!(std::fs::read_dir(&mine).expect("mine").count(), 0);
}

#[test]
fn watching_past_the_end_is_an_error_that_leaves_nothing() {
    let scratch = Scratch::new("past-the-end");
    let (video, world) = (scratch.path("square.mp4"), scratch.path("square.world"));
    clip(Path::new(&video));
    let past = super::chronotope(&["--quiet", "watch", &video, "-o", &world, "--from", "60"]);
    refused(&past, "expected a picture in the span that was asked for, found none from 60 s on");
    assert!(!Path::new(&world).exists());
}
