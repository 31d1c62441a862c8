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
        : ∶ ：
        ≤ ⩽ ≦
        ≥ ⩾ ≧
        ≈ ≃ ≅ ～
        ° º ˚
        | ∣
        ‖ ∥
        ^{2} ²
        ^{3} ³
        ^{1} ¹
        ^{0} ⁰
        ^{4} ⁴
        ^{5} ⁵
        ^{6} ⁶
        ^{7} ⁷
        ^{8} ⁸
        ^{9} ⁹
        ^{n} ⁿ
        _{0} ₀
        _{1} ₁
        _{2} ₂
        _{3} ₃
        _{4} ₄
        _{5} ₅
        _{6} ₆
        _{7} ₇
        _{8} ₈
        _{9} ₉
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
        \theta␣ θ
        \alpha␣ α
        \beta␣ β
        \gamma␣ γ
        \delta␣ δ
        \lambda␣ λ
        \mu␣ μ
        \phi␣ φ ϕ
        \sigma␣ σ
        \omega␣ ω
        \rho␣ ρ
        \tau␣ τ
        ( （
        ) ）
        , ，
        . ．
        ; ；
        = ＝
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
        ␣ quad qquad space enspace thinspace displaystyle textstyle scriptstyle limits nolimits rm bf it
        ␣ hfill strut
        \frac dfrac tfrac cfrac
        \binom dbinom tbinom
        \text mbox hbox textbf textrm textit textnormal textsf texttt emph mathrm operatorname mathop mathsf
        \text{and} land wedge
        \text{or} lor vee
        → to rightarrow
        ⇒ implies Rightarrow
        i imath
        $ textdollar
        \arcsec arcsec
        ^ sp
        """).ToFrozenDictionary();
}
