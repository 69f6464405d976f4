// The tests with real sockets, one at a time: each holds a server, its connections and their threads.
//
// All at once they would hold more descriptors than many a machine allows, the longer the busier it is with
// other tests.

import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct CurlTests {}
