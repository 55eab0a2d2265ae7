//! One Parquet file as `datasets.load_dataset("parquet")` reads it: id, task, question, options, answer (text), images, videos and
//! metadata (all else of the item, as JSON). Files are embedded as `{bytes, path}`; the footer's key `huggingface` says which columns
//! are `Image` and `Video`.

use super::{OutputForm, is_video, plain, texts_of};
use crate::error::Error;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use serde_json::{Map, Value as Json, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group, at most.
const GROUP_ROWS: usize = 1000;
/// Bytes of files after which a row group ends: what is held in memory.
const GROUP_BYTES: usize = 32 << 20;

/// `items.parquet`.
pub struct HuggingFace;

impl OutputForm for HuggingFace {
    fn name(&self) -> &'static str {
        "huggingface"
    }

    fn file(&self) -> &'static str {
        "items.parquet"
    }

    fn write(
        &self,
        items: &mut dyn Iterator<Item = Result<Json, Error>>,
        folder: &Path,
        out: &mut (dyn Write + Send),
    ) -> Result<(), Error> {
        let path = folder.join(self.file());
        let refused = |fault: ParquetError| Error::write(&path, std::io::Error::other(fault));
        let schema = parse_message_type(SCHEMA).map_err(refused)?;
        let mut writer =
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties())).map_err(refused)?;
        let mut group = Group::default();
        for item in items {
            group.push(&item?, folder)?;
            if group.rows >= GROUP_ROWS || group.bytes >= GROUP_BYTES {
                std::mem::take(&mut group).write(&mut writer).map_err(refused)?;
            }
        }
        if group.rows > 0 {
            group.write(&mut writer).map_err(refused)?;
        }
        writer.close().map(|_metadata| ()).map_err(refused)
    }
}

/// Every level is optional: that is how Arrow writes lists and structs, and readers compare types.
const SCHEMA: &str = "message items {
  optional binary id (UTF8);
  optional binary task (UTF8);
  optional binary question (UTF8);
  optional group options (LIST) { repeated group list { optional binary element (UTF8); } }
  optional binary answer (UTF8);
  optional group images (LIST) { repeated group list { optional group element { optional binary bytes; optional binary path (UTF8); } } }
  optional group videos (LIST) { repeated group list { optional group element { optional binary bytes; optional binary path (UTF8); } } }
  optional binary metadata (UTF8);
}";

/// The features of `datasets`, as it writes them into its own files.
fn features() -> Json {
    let text = json!({"dtype": "string", "_type": "Value"});
    let list = |feature: Json| json!({"feature": feature, "_type": "List"});
    json!({"info": {"features": {
        "id": text, "task": text, "question": text, "options": list(text.clone()), "answer": text,
        "images": list(json!({"_type": "Image"})), "videos": list(json!({"_type": "Video"})), "metadata": text,
    }}})
}

fn properties() -> WriterProperties {
    let files = ["images", "videos"]
        .map(|name| ColumnPath::new([name, "list", "element", "bytes"].map(str::to_owned).to_vec()));
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("chronotope {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_owned(), features().to_string())]));
    for column in files {
        // PNG and MP4 are packed already
        properties = properties.set_column_compression(column, Compression::UNCOMPRESSED);
    }
    properties.build()
}

/// The leaves of a row group, in the order of the schema.
#[derive(Default)]
struct Group {
    rows: usize,
    bytes: usize,
    leaves: [Leaf; 10],
}

/// Values of a leaf with their levels; a text of its own has no repetition.
#[derive(Default)]
struct Leaf {
    values: Vec<ByteArray>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl Leaf {
    fn one(&mut self, value: String) {
        self.values.push(ByteArray::from(value.into_bytes()));
        self.defined.push(1);
        self.repeated.push(0);
    }

    /// A list whose values lie `depth` optional levels deep; an empty one is there all the same.
    fn list(&mut self, depth: i16, values: Vec<Vec<u8>>) {
        if values.is_empty() {
            self.defined.push(1);
            self.repeated.push(0);
        }
        for (at, value) in values.into_iter().enumerate() {
            self.values.push(ByteArray::from(value));
            self.defined.push(depth);
            self.repeated.push(i16::from(at > 0));
        }
    }
}

impl Group {
    fn push(&mut self, item: &Json, folder: &Path) -> Result<(), Error> {
        const COLUMNS: [&str; 6] = ["id", "task", "question", "options", "answer", "media"];
        let mut files = [const { (Vec::new(), Vec::new()) }; 2];
        for name in texts_of(item, "media") {
            let path = folder.join(name);
            let bytes = fs::read(&path).map_err(|fault| Error::write(&path, fault))?;
            self.bytes += bytes.len();
            let (all, names) = &mut files[usize::from(is_video(name))];
            all.push(bytes);
            names.push(name.as_bytes().to_vec());
        }
        let other: Map<String, Json> = item
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !COLUMNS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let [id, task, question, options, answer, image, image_path, video, video_path, metadata] =
            &mut self.leaves;
        let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
        id.one(text("id"));
        task.one(text("task"));
        question.one(text("question"));
        options.list(3, texts_of(item, "options").map(|option| option.as_bytes().to_vec()).collect());
        answer.one(plain(&item["answer"]));
        let [(images, image_names), (videos, video_names)] = files;
        image.list(4, images);
        image_path.list(4, image_names);
        video.list(4, videos);
        video_path.list(4, video_names);
        metadata.one(Json::Object(other).to_string());
        self.rows += 1;
        Ok(())
    }

    fn write<W: Write + Send>(self, writer: &mut SerializedFileWriter<W>) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        for leaf in self.leaves {
            let Some(mut column) = group.next_column()? else { break };
            let written = column.typed::<ByteArrayType>();
            written.write_batch(&leaf.values, Some(&leaf.defined), Some(&leaf.repeated))?;
            column.close()?;
        }
        group.close().map(|_metadata| ())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Made, items};
    use super::super::write_form;
    use super::*;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::{Field, Row};

    fn json_of(row: &Row) -> Json {
        row.get_column_iter().map(|(name, field)| (name.clone(), value_of(field))).collect()
    }

    fn value_of(field: &Field) -> Json {
        match field {
            Field::Str(text) => json!(text),
            Field::Bytes(bytes) => json!(String::from_utf8_lossy(bytes.data())),
            Field::Group(row) => json_of(row),
            Field::ListInternal(list) => list.elements().iter().map(value_of).collect(),
            _ => Json::Null,
        }
    }

    #[test]
    fn items_come_back_with_their_files() {
        let made = Made::new("huggingface");
        let path = write_form(&HuggingFace, &made.0).expect("written");
        let reader = SerializedFileReader::new(fs::File::open(path).expect("there")).expect("Parquet");
        let rows: Vec<Json> =
            reader.get_row_iter(None).expect("rows").map(|row| json_of(&row.expect("a row"))).collect();
        assert_eq!(rows.len(), items().len());
        for (row, item) in rows.iter().zip(items()) {
            assert_eq!((&row["id"], &row["question"]), (&item["id"], &item["question"]));
            assert_eq!(row["options"], item["options"]);
            assert_eq!(row["answer"], plain(&item["answer"]));
            let paths: Vec<&Json> = ["images", "videos"]
                .iter()
                .flat_map(|files| row[*files].as_array().expect("a list"))
                .map(|file| &file["path"])
                .collect();
            assert_eq!(json!(paths), item["media"]);
            for (files, bytes) in [("images", "a picture"), ("videos", "a video")] {
                let files = row[files].as_array().expect("a list");
                assert!(files.iter().all(|file| file["bytes"] == bytes), "{row}");
            }
            let metadata: Json = serde_json::from_str(row["metadata"].as_str().expect("text")).expect("JSON");
            assert_eq!((&metadata["unit"], &metadata["evidence"]), (&item["unit"], &item["evidence"]));
        }
    }

    #[test]
    fn a_lost_file_is_named() {
        let made = Made::new("lost");
        fs::remove_file(made.0.join("media/b.mp4")).expect("was there");
        let fault = write_form(&HuggingFace, &made.0).expect_err("lost").to_string();
        assert!(fault.contains("b.mp4"), "{fault}");
        assert!(!made.0.join("items.parquet").exists() && !made.0.join("items.parquet.part").exists());
    }
}
