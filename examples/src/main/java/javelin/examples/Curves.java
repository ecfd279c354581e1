package javelin.examples;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How numbers went while a network learned, as a chart. */
record Curves(String title, String across, String upwards, boolean logarithmic) {
    private static final int WIDTH = 760, HEIGHT = 440;

    /** One curve, point by point. */
    record Curve(String name, Color color, List<Double> x, List<Double> y) {
        Curve(String name, Color color) { this(name, color, new ArrayList<>(), new ArrayList<>()); }

        /** A point at 1, 2, 3 and so on for each number. */
        static Curve of(String name, Color color, double[] y) {
            Curve curve = new Curve(name, color);
            for (int i = 0; i < y.length; i++) curve.add(i + 1, y[i]);
            return curve;
        }

        void add(double atX, double number) {
            x.add(atX);
            y.add(number);
        }
    }

    void draw(Path file, Curve... curves) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT)
                .title(title).xAxisTitle(across).yAxisTitle(upwards).build();
        chart.getStyler().setYAxisLogarithmic(logarithmic).setYAxisDecimalPattern("0.###").setXAxisDecimalPattern("0")
                .setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false)
                .setLegendPosition(LegendPosition.InsideNE);
        for (Curve c : curves)
            chart.addSeries(c.name(), c.x(), c.y()).setMarker(SeriesMarkers.NONE).setLineColor(c.color());
        Picture p = new Picture(WIDTH, HEIGHT);
        chart.paint(p.pen, WIDTH, HEIGHT);
        p.save(file);
    }
}
