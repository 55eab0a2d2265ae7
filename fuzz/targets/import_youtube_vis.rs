#![no_main]

chronotope_fuzz::target!("import-youtube-vis");
