#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/state/family.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {

// A table that a version up to 6c2d166 wrote: its filter is one block, and so is its index. Of a
// table of 64 MiB the filter has a megabyte, which a look-up reads as a whole whenever it is not in
// the cache; in a small cache it never is. Today's tables have both in parts of 4 KiB.
struct OldTable {
  Family family;
  std::string file;  // Its name in the database's directory.
  int level;
};

// Those whose filter and index are large enough to be felt. Tables that have not been compacted yet
// are left out: they are small, and are rewritten without being asked for.
//
// Thread: any. Blocks: reads the properties of every table, from the disk if it is not open.
// Errors: kIo, kCorrupt.
[[nodiscard]] Result<std::vector<OldTable>> find_old_tables(const Store& store);

// Writes its entries to tables of today. A table that is gone, or is being compacted, is left
// alone.
//
// Thread: any. Blocks: for about a second for a table of 64 MiB; commits go on meanwhile.
// Errors: kIo, kCorrupt; the table then stays.
[[nodiscard]] Result<void> rewrite_old_table(const Store& store, const OldTable& table);

}  // namespace ccbus::ledger
