using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>The sample browser of the report, in a real browser.</summary>
public sealed class ReportBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Ready = "document.getElementById('samples')?.dataset.ready === 'yes'";

    [BrowserFact]
    public async Task Filters_filter_search_finds_and_nothing_leaves_the_page()
    {
        using var run = new BrowsedRun(problems: 60, samples: 2);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(run.Report(), Ready);
        Assert.Equal("240 of 240 samples", await CountAsync(page));

        await SetAsync(page, "verdict", "Correct");
        Assert.Equal("50 of 240 samples", await CountAsync(page)); // 30 even, 20 divisible by three
        await SetAsync(page, "policy", "iteration 1");
        Assert.Equal("20 of 240 samples", await CountAsync(page));
        await SetAsync(page, "verdict", "");
        await SetAsync(page, "policy", "");
        foreach (var (outcome, problems) in new[] { ("solved", 20), ("gained", 10), ("lost", 20), ("never", 20) })
        {
            await SetAsync(page, "outcome", outcome);
            Assert.Equal($"{4 * problems} of 240 samples", await CountAsync(page));
        }

        await SetAsync(page, "outcome", "");
        await SetAsync(page, "q", "LET US ADD 17 AND 17, attempt 1, with");
        Assert.Equal("1 of 240 samples", await CountAsync(page));
        await SetAsync(page, "q", "what is 17 + 17");
        Assert.Equal("4 of 240 samples", await CountAsync(page)); // found by the prompt
        await page.EvaluateAsync("document.querySelector('[data-part=clear]').click()");
        Assert.Equal("240 of 240 samples", await CountAsync(page));
        Assert.Equal([], page.Faults);
        Assert.Equal(0, (await page.EvaluateAsync("document.images.length")).GetInt32()); // what models wrote stayed text
    }

    /// <summary>A page of 100,000 samples has many MiB: who opens it looks at its first rows, and filters, before a browser has read them all.</summary>
    [BrowserFact]
    public async Task The_first_rows_are_shown_before_the_rest_of_the_page_has_come()
    {
        using var run = new BrowsedRun(problems: 400, samples: 2);
        string page = await File.ReadAllTextAsync(new Uri(run.Report()).LocalPath);
        int end = page.IndexOf("<script type=\"text/plain\" id=\"run0-samples1\"", StringComparison.Ordinal) + 100; // in the middle of a block
        using var held = new HeldPage(page[..end], page[end..]);
        await using BrowserPage browser = await chromium.PageAsync();
        await browser.OpenAsync(held.Address, Ready + " && document.querySelector('.row .text')?.textContent.startsWith('Let us add 0 and 0')");
        await SetAsync(browser, "policy", "iteration 1");
        Assert.Equal("800 of 1,600 samples", await CountAsync(browser));
        await SetAsync(browser, "policy", "");
        await browser.EvaluateAsync("document.querySelector('.row').click()"); // its problem is still to come
        await SetAsync(browser, "q", "let us add 399 and 399, attempt 1");
        Assert.Equal("loading", (await browser.EvaluateAsync("document.readyState")).GetString());

        held.Release();
        Assert.Equal("2 of 1,600 samples", await CountAsync(browser));
        await browser.UntilAsync("document.querySelector('.pane .name')?.textContent === '0/evaluation/test/sampled/p/0#0'");
        Assert.Equal([], browser.Faults);
    }

    [BrowserFact]
    public async Task Each_filter_leaves_what_meets_it_and_keys_step_through_the_list()
    {
        using var run = new BrowsedRun(problems: 12, samples: 1);
        run.DrawEStep();
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(run.Report(), Ready);
        foreach (var (part, value, count) in new[]
        {
            ("set", "train", 12), ("set", "test", 24), ("draw", "E-step 1", 12), ("draw", "iteration 1, sampled on test", 12), ("policy", "base model", 24),
            ("reason", "equal", 16), ("reason", "different", 20), ("verdict", "Incorrect", 20), ("q", "with care", 12), ("q", "p/11", 3), ("q", "#### 22", 0), ("q", "#### 20", 2),
        })
        {
            await SetAsync(page, part, value);
            Assert.Equal((part, value, $"{count} of 36 samples"), (part, value, await CountAsync(page)));
            await SetAsync(page, part, "");
        }

        await SetAsync(page, "set", "test");
        await SetAsync(page, "policy", "iteration 1");
        await SetAsync(page, "reason", "equal");
        Assert.Equal("4 of 36 samples", await CountAsync(page));
        await page.EvaluateAsync("document.querySelector('.list').focus()");
        foreach (var (key, sample) in new[] { ("ArrowDown", "p/0"), ("ArrowDown", "p/3"), ("PageDown", "p/9"), ("ArrowUp", "p/6"), ("PageUp", "p/0") })
        {
            await page.EvaluateAsync($"document.querySelector('.list').dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', cancelable: true }}))");
            await page.UntilAsync($"document.querySelector('.pane .name')?.textContent === '1/evaluation/test/sampled/{sample}#0'");
            Assert.StartsWith(sample, (await TextsAsync(page, ".row[aria-current=true] .what")).Single(), StringComparison.Ordinal);
        }

        Assert.Equal([], page.Faults);
    }

    [BrowserFact]
    public async Task A_link_lands_on_what_its_sender_saw_and_the_difference_shows()
    {
        using var run = new BrowsedRun(problems: 20, samples: 2);
        await using BrowserPage page = await chromium.PageAsync();
        string report = run.Report();
        await page.OpenAsync(report, Ready);
        await page.EvaluateAsync("document.querySelector('.row').click()");
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 1");
        await page.EvaluateAsync("[...document.querySelectorAll('.suggestions button')].find(button => button.textContent === 'base model beside iteration 1').click()");
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 2");
        Assert.Equal([", with care"], await TextsAsync(page, ".pane ins"));
        string link = (await page.EvaluateAsync("location.hash")).GetString()!;

        await page.OpenAsync(report + link, Ready);
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 2");
        Assert.Equal(["0/evaluation/test/sampled/p/0#0", "1/evaluation/test/sampled/p/0#0"], await TextsAsync(page, ".pane .name"));
        Assert.Equal([$"What is 0 + 0? {BrowsedRun.Nasty}"], await TextsAsync(page, ".detail .prompt"));
        await page.OpenAsync(report + "#samples?at=1%2Fevaluation%2Ftest%2Fsampled%2Fp%2F0%230&with=0%2Fevaluation%2Ftest%2Fsampled%2Fp%2F0%230", Ready);
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 2");
        Assert.Equal([", with care"], await TextsAsync(page, ".pane del")); // what the left one has alone stands struck out on the left
        Assert.Empty(await TextsAsync(page, ".pane ins"));
        await page.OpenAsync(report + "#samples?at=0%2Fevaluation%2Ftest%2Fsampled%2Fp%2F3%230&with=1%2Fevaluation%2Ftest%2Fsampled%2Fp%2F3%230", Ready);
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 2");
        Assert.Equal(["say \"no\""], await TextsAsync(page, ".pane del")); // what both have between two changes is no change
        Assert.Equal([", with care", "6"], await TextsAsync(page, ".pane ins"));
        await page.OpenAsync(report + "#samples?at=1%2Fevaluation%2Ftest%2Fsampled%2Fp%2F4%231", Ready);
        await page.UntilAsync("document.querySelector('.pane .name') !== null");
        Assert.Equal(["1/evaluation/test/sampled/p/4#1"], await TextsAsync(page, ".pane .name"));
        await page.OpenAsync(report + "#samples?at=7%2Fe-step%2Fnone%230", Ready);
        Assert.True((await page.EvaluateAsync("!document.querySelector('[data-part=missing]').hidden")).GetBoolean());
        Assert.Equal([], page.Faults);
    }

    [BrowserFact]
    public async Task What_is_listed_is_saved_as_rows_and_as_a_table()
    {
        using var run = new BrowsedRun(problems: 9, samples: 1);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(run.Report(), Ready);
        await page.EvaluateAsync("window.saved = []; const make = URL.createObjectURL; URL.createObjectURL = blob => { saved.push(blob.text()); return make(blob); }; 0");
        await SetAsync(page, "verdict", "Correct");
        await CountAsync(page);
        await page.EvaluateAsync("document.querySelector('[data-part=jsonl]').click(); document.querySelector('[data-part=csv]').click(); 0");
        await page.UntilAsync("saved.length === 2");
        string[] files = [.. (await page.EvaluateAsync("Promise.all(saved)")).EnumerateArray().Select(text => text.GetString()!)];
        string rows = files.Single(text => text.StartsWith('{')), table = files.Single(text => text.StartsWith("run,id,problem_id", StringComparison.Ordinal));
        string[] lines = rows.TrimEnd('\n').Split('\n');
        Assert.Equal(8, lines.Length); // 0 2 4 6 8, and 0 3 6
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal(("p/0", "0"), (first.RootElement.GetProperty("problem_id").GetString(), first.RootElement.GetProperty("answer").GetString()));
        Assert.Contains($"\"Let us add 0 and 0, attempt 0.\n{BrowsedRun.Nasty}\n#### 0\",\r\n", table, StringComparison.Ordinal);
        Assert.Equal(9, table.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        await page.EvaluateAsync("saved.length = 0");
        await SetAsync(page, "verdict", "Incorrect");
        await CountAsync(page);
        await page.EvaluateAsync("document.querySelector('[data-part=csv]').click(); 0");
        await page.UntilAsync("saved.length === 1");
        table = (await page.EvaluateAsync("saved[0]")).GetString()!;
        Assert.Contains(",different,'=1+1,", table, StringComparison.Ordinal); // what a spreadsheet would compute is made a text
        Assert.Contains(",different,'-2+3,", table, StringComparison.Ordinal);
        Assert.Contains(",different,-1,", table, StringComparison.Ordinal); // a number stays one
        Assert.Contains(",different,\"say \"\"no\"\"\",", table, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Labels_are_given_filtered_kept_saved_and_loaded_again()
    {
        using var run = new BrowsedRun(problems: 6, samples: 1);
        await using BrowserPage page = await chromium.PageAsync();
        string report = run.Report();
        await page.OpenAsync(report, Ready);
        await LabelAsync(page, 1, "lucky guess");
        await LabelAsync(page, 4, "format");
        await page.UntilAsync("document.querySelectorAll('.labels button').length === 2");
        await page.EvaluateAsync("[...document.querySelectorAll('.labels button')].find(button => button.textContent === 'lucky guess').click()");
        Assert.Equal(["lucky guess", "format", "lucky guess"], await TextsAsync(page, ".row b"));
        foreach (var (label, count) in new[] { ("format", 1), ("lucky guess", 2), ("*", 2) })
        {
            await SetAsync(page, "label", label);
            Assert.Equal($"{count} of 12 samples", await CountAsync(page));
        }

        await page.EvaluateAsync("window.saved = []; const make = URL.createObjectURL; URL.createObjectURL = blob => { saved.push(blob.text()); return make(blob); }; 0");
        await page.EvaluateAsync("document.querySelector('[data-part=labels]').click(); document.querySelector('[data-part=jsonl]').click(); 0");
        await page.UntilAsync("saved.length === 2");
        string[] files = [.. (await page.EvaluateAsync("Promise.all(saved)")).EnumerateArray().Select(text => text.GetString()!)];
        Assert.Equal(
            "{\"run\":\"run-0\",\"id\":\"0/evaluation/test/sampled/p/1#0\",\"problem_id\":\"p/1\",\"labels\":[\"lucky guess\"]}\n" +
            "{\"run\":\"run-0\",\"id\":\"0/evaluation/test/sampled/p/4#0\",\"problem_id\":\"p/4\",\"labels\":[\"format\",\"lucky guess\"]}\n",
            files.Single(text => !text.Contains("completion", StringComparison.Ordinal)));
        Assert.Equal(2, files.Single(text => text.Contains("completion", StringComparison.Ordinal)).Split("\"labels\":[\"").Length - 1);

        await page.OpenAsync(report, Ready + " && document.querySelectorAll('.row b').length === 3"); // this browser kept them
        await page.EvaluateAsync("document.querySelectorAll('.row')[4].click()");
        await page.UntilAsync("document.querySelectorAll('.labels button[aria-pressed=true]').length === 2");
        await page.EvaluateAsync("document.querySelector('.labels button[aria-pressed=true]').click()");
        Assert.Equal(["lucky guess", "lucky guess"], await TextsAsync(page, ".row b"));
        await page.EvaluateAsync("localStorage.clear()");
        await page.OpenAsync(report, Ready);
        Assert.Empty(await TextsAsync(page, ".row b"));
        await LoadAsync(page, files.Single(text => !text.Contains("completion", StringComparison.Ordinal)));
        await page.UntilAsync("document.querySelector('[data-part=taken]').textContent === '2 samples labelled'");
        Assert.Equal(["lucky guess", "format", "lucky guess"], await TextsAsync(page, ".row b"));
        await LoadAsync(page, "{\"run\":\"run-0\"}");
        await page.UntilAsync("document.querySelector('[data-part=taken]').textContent.startsWith('labels.jsonl cannot be read: a row is {')");
        Assert.Equal([], page.Faults);
    }

    private static Task LoadAsync(BrowserPage page, string rows) => page.EvaluateAsync(
        $"(() => {{ const files = new DataTransfer(); files.items.add(new File([{JsonSerializer.Serialize(rows)}], 'labels.jsonl')); const take = document.querySelector('[data-part=take]'); take.files = files.files; take.dispatchEvent(new Event('change')); }})()");

    private static async Task LabelAsync(BrowserPage page, int problem, string label)
    {
        int before = (await TextsAsync(page, ".row b")).Length;
        await page.EvaluateAsync($"document.querySelectorAll('.row')[{problem}].click()");
        await page.UntilAsync($"document.querySelector('.pane .name')?.textContent === '0/evaluation/test/sampled/p/{problem}#0'");
        await page.EvaluateAsync($"(() => {{ const field = document.querySelector('.labels input'); field.value = '{label}'; field.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Enter' }})); }})()");
        await page.UntilAsync($"document.querySelectorAll('.row b').length === {before + 1}");
    }

    [BrowserFact]
    public async Task Several_runs_stand_side_by_side()
    {
        using BrowsedRun first = new(problems: 10, samples: 1), second = new(problems: 12, samples: 1);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(first.Report(second), Ready);
        Assert.Equal("44 of 44 samples", await CountAsync(page));
        await SetAsync(page, "run", "run-1");
        Assert.Equal("24 of 44 samples", await CountAsync(page));
        await page.EvaluateAsync("document.querySelector('.row').click()");
        await page.UntilAsync("document.querySelectorAll('.pane pre').length === 1");
        Assert.Equal(4, (await page.EvaluateAsync("document.querySelectorAll('.pane select')[1].querySelectorAll('optgroup').length")).GetInt32()); // two policies of each run
        Assert.Equal(["run-1:0/evaluation/test/sampled/p/0#0"], await TextsAsync(page, ".pane .name"));
        Assert.Equal([], page.Faults);
    }

    [BrowserFact]
    public async Task A_hundred_and_one_runs_are_one_page()
    {
        using var run = new BrowsedRun(problems: 3, samples: 1);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(run.Report([.. Enumerable.Repeat(run, 100)]), Ready);
        Assert.Equal("606 of 606 samples", await CountAsync(page));
        Assert.Equal("101 runs side by side", (await TextsAsync(page, "h1"))[0]);
        Assert.Equal(101, (await page.EvaluateAsync("document.querySelectorAll('details.run').length")).GetInt32());
        await SetAsync(page, "run", "run-100");
        Assert.Equal("6 of 606 samples", await CountAsync(page));
        await page.EvaluateAsync("document.querySelector('.row').click()");
        await page.UntilAsync("document.querySelector('.pane .name')?.textContent === 'run-100:0/evaluation/test/sampled/p/0#0'");
        Assert.Equal([], page.Faults);
    }

    [BrowserFact]
    public async Task Of_a_hundred_thousand_samples_only_what_is_seen_is_in_the_page()
    {
        using var run = new BrowsedRun(problems: 10_000, samples: 5);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(run.Report(), Ready);
        Assert.Equal("100,000 of 100,000 samples", await CountAsync(page));
        Assert.InRange((await page.EvaluateAsync("document.querySelectorAll('.row').length")).GetInt32(), 1, 60);
        await page.EvaluateAsync("document.querySelector('.list').scrollTop = 1e9");
        await page.UntilAsync("[...document.querySelectorAll('.row .what')].some(row => row.textContent.startsWith('p/9999') && row.textContent.includes('iteration 1'))");
        await SetAsync(page, "q", "add 9876 and 9876, attempt 3, with care");
        await page.UntilAsync("document.querySelector('[data-part=count]').textContent === '1 of 100,000 samples'");
        Assert.Equal([], page.Faults);
    }

    private static async Task SetAsync(BrowserPage page, string part, string value)
    {
        string name = part == "q" ? "input" : "change";
        await page.EvaluateAsync($"(() => {{ const part = document.querySelector('[data-part={part}]'); part.value = {JsonSerializer.Serialize(value)}; part.dispatchEvent(new Event('{name}')); }})()");
    }

    private static async Task<string> CountAsync(BrowserPage page)
    {
        // The count says which filters it is of.
        await page.UntilAsync("JSON.stringify(['run', 'set', 'policy', 'draw', 'verdict', 'reason', 'outcome', 'label', 'q'].map(name => document.querySelector(`[data-part=${name}]`).value)) === document.querySelector('[data-part=count]').dataset.of");
        return (await page.EvaluateAsync("document.querySelector('[data-part=count]').textContent")).GetString()!;
    }

    private static async Task<string[]> TextsAsync(BrowserPage page, string selector) =>
        [.. (await page.EvaluateAsync($"[...document.querySelectorAll('{selector}')].map(found => found.textContent)")).EnumerateArray().Select(text => text.GetString()!)];
}
