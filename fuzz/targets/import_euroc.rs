#![no_main]

chronotope_fuzz::target!("import-euroc");
