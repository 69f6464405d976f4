// Which columns of a roster stay outside, and rosters that are called as outputs are.

import ArgumentParser
import Campaign
import Foundation
import Vocabulary

extension RosterSettings {
    /// The names of `--without-columns`.
    ///
    /// - Throws: `ValidationError` where one is empty, or the ID column's.
    static func withoutColumns(_ settings: Settings) throws -> [String] {
        guard let value = settings.value("without-columns") else { return [] }
        let names = value.texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { OwnColumns.folded(String($0)).isEmpty ? "" : $0.trimmingCharacters(in: .whitespaces) }
        guard !names.contains("") else {
            throw ValidationError(
                "\(value.origin): \"\(value.text)\" is not a list of columns' names such as pin,password"
            )
        }
        if let idColumn = settings.value("id-column"),
            names.contains(where: { OwnColumns.folded($0) == OwnColumns.folded(idColumn.text) })
        {
            throw ValidationError(
                "\(value.origin): \(idColumn.text) is the ID column of \(idColumn.origin), and cannot be left behind"
            )
        }
        return names
    }
}

extension CampaignSettings {
    /// - Throws: `ValidationError` where the roster's file is called as outputs are, and so names no campaign.
    static func checkName(ofRoster roster: String) throws {
        guard CampaignFolder.isOutputName(ofRoster: roster) else { return }
        var advice = "give --campaign NAME"
        // Whose output it is shows where it still lies in its campaign's folder.
        if let owner = CampaignFolder.owner(ofRoster: roster) {
            advice += "; it lies in the folder of the campaign \(owner)"
        }
        throw ValidationError(
            "\(roster) is called as an output of latchstring is: which campaign is meant? \(advice)"
        )
    }
}
