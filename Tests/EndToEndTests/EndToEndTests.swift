// The tests that run the real binary, one at a time: each may take the whole machine.

import Testing

@Suite(.serialized) struct EndToEndTests {}
