// The part of a limit that is ours.

package import Model

extension Rate {
    /// The part of this rate that is ours when others use the rest.
    ///
    /// Where less than one request a window is left, the window is stretched until it holds one.
    ///
    /// - Parameter share: more than 0, at most 1.
    package func shared(_ share: Double) -> Rate {
        precondition(share > 0 && share <= 1, "a share is more than nothing and at most all")
        let part = Double(count) * share
        // A product such as 100 * 0.29 falls short of the whole number it stands for.
        let whole = Int((part + 1e-6).rounded(.down))
        return whole >= 1 ? Rate(count: whole, window: window) : Rate(count: 1, window: window / part)
    }
}
