using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>What single characters and LaTeX commands become in <see cref="TextCleaner"/>.</summary>
internal static class CharacterTable
{
    /// <summary>Each line: what it becomes, then the characters; an open box is a blank.</summary>
    internal static readonly FrozenDictionary<char, string> Signs = NameTable.Of("""
        - − – — ‐ ‑
        * × · ⋅ ∙ •
        / ÷ ∕ ⁄
        : ∶
        ≤ ⩽ ≦
        ≥ ⩾ ≧
        ≈ ≃ ≅ ～
        ° º ˚
        | ∣
        ‖ ∥
        \frac{1}{2} ½
        \frac{1}{3} ⅓
        \frac{2}{3} ⅔
        \frac{1}{4} ¼
        \frac{3}{4} ¾
        \frac{1}{5} ⅕
        \frac{2}{5} ⅖
        \frac{3}{5} ⅗
        \frac{4}{5} ⅘
        \frac{1}{6} ⅙
        \frac{5}{6} ⅚
        \frac{1}{8} ⅛
        \frac{3}{8} ⅜
        \frac{5}{8} ⅝
        \frac{7}{8} ⅞
        \frac{1}{7} ⅐
        \frac{1}{9} ⅑
        \frac{1}{10} ⅒
        \alpha␣ α
        \beta␣ β
        \gamma␣ γ
        \delta␣ δ
        \epsilon␣ ε ϵ
        \zeta␣ ζ
        \eta␣ η
        \theta␣ θ ϑ
        \iota␣ ι
        \kappa␣ κ
        \lambda␣ λ
        \mu␣ μ µ
        \nu␣ ν
        \xi␣ ξ
        \rho␣ ρ
        \sigma␣ σ ς
        \tau␣ τ
        \phi␣ φ ϕ
        \chi␣ χ
        \psi␣ ψ
        \omega␣ ω
        \Gamma␣ Γ
        \Delta␣ Δ ∆
        \Theta␣ Θ
        \Lambda␣ Λ
        \Xi␣ Ξ
        \Pi␣ Π
        \Sigma␣ Σ
        \Phi␣ Φ
        \Psi␣ Ψ
        \Omega␣ Ω
        \hbar␣ ℏ
        \ell␣ ℓ
        \nabla␣ ∇
        \partial␣ ∂
        \sum␣ ∑
        \prod␣ ∏
        \int␣ ∫
        \angle␣ ∠
        \triangle␣ △
        \mathbb{Z} ℤ
        \mathbb{N} ℕ
        \mathbb{Q} ℚ
        \mathbb{C} ℂ
        ⟨ 〈
        ⟩ 〉
        , 、
        . 。
        … ⋯
        '' ″
        ⇒ ⟹ ⇔ ⟺
        ∅ ⌀
        °C ℃
        °F ℉
        " “ ”
        ' ’ ‘ ′
        ℝ ℝ
        ∖ ∖
        → ➝
        ␣ ~
        """).Append(new("\u200B", "")).Append(new("\uFEFF", "")).Append(new("\u2061", "")).Append(new("\u2062", "*"))
        .ToFrozenDictionary(pair => pair.Key[0], pair => pair.Value);

    /// <summary>Each line: what it becomes, then the commands.</summary>
    internal static readonly FrozenDictionary<string, string> Commands = NameTable.Of("""
        ≤ le leq leqslant leqq
        ≥ ge geq geqslant geqq
        < lt
        > gt
        ≠ ne neq
        ≈ approx simeq cong doteq
        ≡ equiv
        ∈ in
        ∪ cup bigcup
        ∩ cap bigcap
        ∖ setminus backslash smallsetminus
        ∅ emptyset varnothing
        ∞ infty infinity
        π pi
        ± pm
        ∓ mp
        * cdot times ast bullet
        / div
        ° degree degrees
        ⦃ lbrace
        ⦄ rbrace
        ⟨ langle
        ⟩ rangle
        ⌊ lfloor
        ⌋ rfloor
        ⌈ lceil
        ⌉ rceil
        | lvert rvert vert mid
        ‖ Vert lVert rVert
        [ lbrack
        ] rbrack
        : colon
        … ldots dots cdots dotsc dotsb
        ⏎ cr newline
        ␣ space enspace thinspace displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits rm bf it sf tt cal sl
        ␣ hfill strut mathstrut large Large LARGE huge Huge small tiny normalsize footnotesize scriptsize centering noindent
        ␣ therefore medspace thickspace negthinspace nonumber notag hline par protect
        \frac dfrac tfrac cfrac nicefrac sfrac xfrac
        \binom dbinom tbinom
        \text mbox hbox textbf textrm textit textnormal textsf texttt emph mathrm operatorname mathop mathsf mathtt textup textmd textsl textsc
        \text{and} land wedge
        \text{or} lor vee
        → to rightarrow
        ⇒ implies Rightarrow Longrightarrow iff Leftrightarrow Longleftrightarrow
        i imath
        j jmath
        € euro texteuro
        £ pounds textsterling
        ¥ yen textyen
        ¢ cent textcent
        $ textdollar
        \arcsec arcsec
        ^ sp
        """).ToFrozenDictionary();
}
