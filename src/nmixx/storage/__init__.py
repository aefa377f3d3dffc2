"""Files that are never half written: atomic writes, journals, parquet tables, manifests."""

from nmixx.storage.files import atomic_file, hash_file, read_json, write_json, write_text
from nmixx.storage.folders import claim_folder, only_worker, require_absent
from nmixx.storage.journal import Journal, read_journal
from nmixx.storage.manifest import Manifest, fingerprint, hash_path
from nmixx.storage.tables import read_records, write_records

__all__ = [
    "Journal",
    "Manifest",
    "atomic_file",
    "claim_folder",
    "fingerprint",
    "hash_file",
    "hash_path",
    "only_worker",
    "read_journal",
    "read_json",
    "read_records",
    "require_absent",
    "write_json",
    "write_records",
    "write_text",
]
