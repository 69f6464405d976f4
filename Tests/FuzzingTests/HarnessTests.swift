// Every input ever kept, and some thousand made of them, through the harnesses that libFuzzer runs.

import Fuzzing
import TestSupport
import Testing

@Suite struct HarnessTests {
    @Test(arguments: Harness.allCases)
    func keptInputsHold(_ harness: Harness) throws {
        let inputs = (KeptInput.corpora + KeptInput.crashes).filter { $0.harness == harness }
        #expect(inputs.count >= 3, "a corpus has seeds")
        for input in inputs {
            let bytes = try input.bytes
            #expect(throws: Never.self, "\(input.testDescription)") { try harness.run(bytes) }
        }
    }

    @Test(arguments: Harness.allCases)
    func corporaStaySmall(_ harness: Harness) throws {
        let inputs = KeptInput.corpora.filter { $0.harness == harness }
        #expect(inputs.count <= 100)
        #expect(try inputs.reduce(0) { $0 + (try $1.bytes.count) } <= 100 << 10)
    }

    @Test(arguments: Harness.allCases)
    func mutatedInputsHold(_ harness: Harness) throws {
        let kept = try KeptInput.corpora.filter { $0.harness == harness }.map { try $0.bytes }
        let seeds = kept.filter { $0.count <= 2048 }
        var random = SeededGenerator(seed: 20_261_120)
        for turn in 0..<1000 {
            let input = try Self.mutation(of: seeds, using: &random)
            #expect(throws: Never.self, "turn \(turn): \(input)") { try harness.run(input) }
        }
    }

    private static func mutation(of seeds: [[UInt8]], using random: inout SeededGenerator) throws -> [UInt8] {
        var input = try #require(seeds.randomElement(using: &random))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...input.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: input.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1:
                input.insert(
                    try #require(Array("\"\n\r,;=\\{}[]:09 -./".utf8).randomElement(using: &random)),
                    at: place
                )
            case 2 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 3:
                input.removeSubrange(place..<min(input.count, place + Int.random(in: 0...8, using: &random)))
            default:
                let other = try #require(seeds.randomElement(using: &random))
                let start = Int.random(in: 0...other.count, using: &random)
                let end = min(other.count, start + Int.random(in: 0...32, using: &random))
                input.insert(contentsOf: other[start..<end], at: place)
            }
        }
        return input
    }
}
