#pragma once

namespace ccbus::simulation {

// The number of the mutation that is switched on in this process; 0: none. mutations.txt has them.
extern int active_mutation;

}  // namespace ccbus::simulation
